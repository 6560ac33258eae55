import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { indexTar } from "../../src/archive/index-tar.ts";
import { type TarInput, writeTar } from "../../src/archive/write-tar.ts";
import { hasCode } from "../../src/errors.ts";

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "pkg-tar-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, "r");
  return work(handle).finally(() => handle.close());
}

/** The files of a tar, with the bytes at the offsets that the index gives. */
async function contentOf(path: string): Promise<Record<string, string>> {
  const files = await withFile(path, (handle) => indexTar(handle, path));
  const bytes = readFileSync(path);
  return Object.fromEntries(
    [...files].map(([name, { offset, size }]) => [name, bytes.toString("utf8", offset, offset + size)]),
  );
}

const LONG = `${"d".repeat(90)}/${"e".repeat(95)}`;
const VERY_LONG = `${"x".repeat(120)}/${"y".repeat(120)}/${"z".repeat(120)}`;
const CONTENT: Readonly<Record<string, string>> = {
  a: "first",
  "b/empty": "",
  "b/é": "ä",
  "b/512": "x".repeat(512),
  [LONG]: "long",
  [VERY_LONG]: "very long",
};

function fill(directory: string): void {
  for (const [name, text] of Object.entries(CONTENT)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

for (const format of ["gnu", "ustar", "posix", "oldgnu"]) {
  test(`indexTar() finds every file that GNU tar wrote as ${format}`, async (t) => {
    const directory = temporary(t);
    fill(join(directory, "in"));
    if (format === "ustar") rmSync(join(directory, "in", "x".repeat(120)), { recursive: true });
    const path = join(directory, "f.tar");
    execFileSync("tar", ["-C", join(directory, "in"), `--format=${format}`, "-cf", path, "."]);
    const { [VERY_LONG]: _, ...short } = CONTENT;
    assert.deepEqual(await contentOf(path), format === "ustar" ? short : CONTENT);
  });
}

test("indexTar() follows hard links, and passes symlinks by; of two entries the last counts", async (t) => {
  const directory = temporary(t);
  const path = join(directory, "f.tar");
  writeFileSync(join(directory, "a"), "old");
  execFileSync(
    "sh",
    ["-c", "ln a h && ln -s a s && tar -cf f.tar ./a ./h ./s && rm h && echo new > a && tar -rf f.tar a"],
    {
      cwd: directory,
    },
  );
  assert.deepEqual(await contentOf(path), { a: "new\n", h: "old" });
});

test("indexTar() reads sizes that octal digits cannot say", async (t) => {
  const directory = temporary(t);
  for (const format of ["gnu", "posix"]) {
    const path = join(directory, `${format}.tar`);
    writeFileSync(join(directory, "big"), "");
    truncateSync(join(directory, "big"), 9 * 1024 ** 3);
    // Only the headers: the bytes themselves are a hole.
    execFileSync("sh", ["-c", `tar --format=${format} -cf - big | head -c 4096 > "${path}"`], { cwd: directory });
    truncateSync(path, 9 * 1024 ** 3 + 8192);
    const files = await withFile(path, (handle) => indexTar(handle, path));
    assert.equal(files.get("big")?.size, 9 * 1024 ** 3);
    rmSync(path);
  }
});

async function refused(path: string, pattern: RegExp): Promise<void> {
  await assert.rejects(
    withFile(path, (handle) => indexTar(handle, path)),
    (error) =>
      hasCode(error, "ARCHIVE_INVALID") && error.hint !== undefined && pattern.test(`${error.message} ${error.hint}`),
  );
}

test("indexTar() refuses what is compressed, cut off, damaged, sparse or not a tar", async (t) => {
  const directory = temporary(t);
  const at = (name: string) => join(directory, name);
  fill(at("in"));
  execFileSync("sh", ["-c", "tar -cf good.tar in; tar -czf z.tar in; truncate -s 1M hole; tar -cSf sparse.tar hole"], {
    cwd: directory,
  });
  execFileSync("sh", ["-c", "tar --format=posix -cSf sparse-pax.tar hole"], { cwd: directory });
  await refused(at("z.tar"), /gunzip/);
  await refused(at("sparse.tar"), /sparse/);
  await refused(at("sparse-pax.tar"), /sparse/);
  const bytes = readFileSync(at("good.tar"));
  const place = bytes.indexOf("long");
  writeFileSync(at("cut.tar"), bytes.subarray(0, bytes.indexOf("very long") + 4));
  await refused(at("cut.tar"), /cut off/);
  const damaged = Buffer.from(bytes);
  damaged[10] = 0x41;
  writeFileSync(at("damaged.tar"), damaged);
  await refused(at("damaged.tar"), /checksum|number|cut off|not a tar/);
  assert.ok(place > 0);
  for (const text of ["", "text", "x".repeat(2000)]) {
    writeFileSync(at("text"), text);
    await refused(at("text"), /not a tar/);
  }
});

async function write(path: string, inputs: readonly TarInput[]): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(inputs)) parts.push(part);
  writeFileSync(path, Buffer.concat(parts));
}

function file(name: string, text: string): TarInput {
  const open = async function* () {
    yield Buffer.from(text);
  };
  return { kind: "file", name, size: Buffer.byteLength(text), open };
}

test("writeTar() writes what GNU tar unpacks and indexTar() reads, the same each time", async (t) => {
  const directory = temporary(t);
  const inputs = [
    { kind: "directory", name: "b" } as const,
    ...Object.entries(CONTENT).map(([name, text]) => file(name, text)),
  ];
  const path = join(directory, "f.tar");
  await write(path, inputs);
  const first = readFileSync(path);
  assert.deepEqual(await contentOf(path), CONTENT);
  mkdirSync(join(directory, "out"));
  const list = execFileSync("tar", ["-C", join(directory, "out"), "--numeric-owner", "-xvvf", path], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", TZ: "UTC" },
  });
  for (const [name, text] of Object.entries(CONTENT))
    assert.equal(readFileSync(join(directory, "out", name), "utf8"), text);
  assert.match(list, /^drwxr-xr-x 0\/0 +0 1970-01-01 00:00 b\/$/m);
  assert.match(list, /^-rw-r--r-- 0\/0 +5 1970-01-01 00:00 a$/m);
  await write(path, inputs);
  assert.deepEqual(readFileSync(path), first);
});

test("writeTar() fails when a file has other bytes than it announced", async () => {
  const lying: TarInput = { ...file("a", "four"), size: 5 } as TarInput;
  await assert.rejects(Array.fromAsync(writeTar([lying])), /announced/);
});
