import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { EXTRACT_LIMITS, type ExtractLimits } from "../../src/archive/extract-limits.ts";
import { extractTar } from "../../src/archive/extract-tar.ts";
import { packTar } from "../../src/archive/pack-tar.ts";
import { packToFile } from "../../src/archive/pack-to-file.ts";
import { hasCode } from "../../src/errors.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";

const signal = new AbortController().signal;
const LONG = `${"long-".repeat(30)}name`;

function sampleTree(directory: string, { reverse }: { readonly reverse: boolean }): string {
  const files: readonly (readonly [string, string, number])[] = [
    ["notes.txt", "notes", 0o644],
    ["run", "#!/bin/sh\n", 0o755],
    ["secret", "s".repeat(1024), 0o600],
    ["sub/ä", "umlaut", 0o644],
    [`sub/${LONG}/${LONG}`, "deep", 0o444],
    ["sub-before-slash", "sorts after sub", 0o644],
    ["Z", "upper case first", 0o644],
    ["new\nline", "", 0o644],
  ];
  mkdirSync(join(directory, "sub", LONG), { recursive: true });
  mkdirSync(join(directory, "empty"), { mode: 0o700 });
  for (const [path, content, mode] of reverse ? files.toReversed() : files) {
    writeFileSync(join(directory, path), content);
    chmodSync(join(directory, path), mode);
  }
  symlinkSync("../notes.txt", join(directory, "sub/link"));
  symlinkSync("nowhere", join(directory, "dangling"));
  for (const path of ["", "sub", `sub/${LONG}`]) chmodSync(join(directory, path), 0o755);
  return directory;
}

async function packed(directory: string, root = "d"): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(packTar({ directory, root, signal })));
}

test("packTar() gives the same bytes for the same names, contents, modes and links", async (test) => {
  const one = sampleTree(tempDirectory(test), { reverse: false });
  const other = sampleTree(tempDirectory(test), { reverse: true });
  utimesSync(join(other, "notes.txt"), 1, 1);
  const bytes = await packed(one);
  assert.deepEqual(await packed(other), bytes);
  assert.equal(bytes.length % 512, 0);
  // Published artifacts are identified by this digest: a different one is a change of format.
  assert.equal(
    createHash("sha256").update(bytes).digest("hex"),
    "5868995d1e3e1372a27d3617d0ee4293d5401354de710ef0c4f6a25041935a4f",
  );
  chmodSync(join(other, "notes.txt"), 0o755);
  assert.notDeepEqual(await packed(other), bytes);
});

test("packTar() makes what extractTar() turns into the same tree", async (test) => {
  const directory = sampleTree(tempDirectory(test), { reverse: false });
  linkSync(join(directory, "secret"), join(directory, "secret-too"));
  const bytes = await packed(directory, "a/b");
  const out = join(tempDirectory(test), "out");
  async function* source() {
    yield bytes;
  }
  await extractTar({ source: source(), directory: out, root: "a/b", sha256: null, signal });
  assert.deepEqual(await packed(out, "a/b"), bytes);
  assert.equal(statSync(join(out, "secret")).nlink, 1);
});

test("packTar() makes what GNU tar unpacks", { skip: skipWithout("tar") }, async (test) => {
  const directory = sampleTree(tempDirectory(test), { reverse: false });
  const out = tempDirectory(test);
  const tar = spawnSync("tar", ["-xp", "-C", out], { input: await packed(directory) });
  assert.equal(tar.stderr.toString(), "");
  assert.equal(spawnSync("diff", ["-r", "--no-dereference", directory, join(out, "d")]).status, 0);
  assert.equal(statSync(join(out, "d/run")).mode & 0o777, 0o755);
});

test("extractTar() unpacks what GNU tar makes in each of its formats", { skip: skipWithout("tar") }, async (test) => {
  const directory = sampleTree(tempDirectory(test), { reverse: false });
  for (const format of ["gnu", "oldgnu", "pax", "posix"]) {
    const { stdout } = spawnSync("tar", [`--format=${format}`, "-c", "-C", directory, "."], { maxBuffer: 1e7 });
    const out = join(tempDirectory(test), "out");
    async function* source() {
      yield stdout;
    }
    await extractTar({ source: source(), directory: out, root: null, sha256: null, signal });
    assert.deepEqual(await packed(out), await packed(directory), format);
  }
});

test("packTar() refuses what cannot be unpacked elsewhere", async (test) => {
  const makers: readonly ((path: string) => Promise<void> | void)[] = [
    (path) => symlinkSync("/etc/passwd", path),
    (path) => symlinkSync("../../outside", path),
    (path) => void spawnSync("mkfifo", [path]),
    (path) => writeFileSync(`${path}\\name`, ""),
    (path) => writeFileSync(Buffer.concat([Buffer.from(path), Buffer.from([0xff])]), ""),
  ];
  for (const make of makers) {
    const directory = tempDirectory(test);
    await make(join(directory, "x"));
    await assert.rejects(packed(directory), (error) => hasCode(error, "ARCHIVE_INVALID"), String(make));
  }
});

test("packTar() refuses a socket", async (test) => {
  const directory = tempDirectory(test);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(directory, "s"), resolve));
  test.after(() => server.close());
  await assert.rejects(packed(directory), (error) => hasCode(error, "ARCHIVE_INVALID"));
});

test("packTar() notices a file that changes while it is read", async (test) => {
  for (const change of [
    (path: string) => writeFileSync(path, "longer than it was", { flag: "a" }),
    (path: string) => writeFileSync(path, ""),
    (path: string) => writeFileSync(path, Buffer.alloc(1024 * 1024, "other")),
  ]) {
    const directory = tempDirectory(test);
    const path = join(directory, "file");
    writeFileSync(path, Buffer.alloc(1024 * 1024));
    utimesSync(path, 1, 1);
    const chunks = packTar({ directory, root: "d", signal });
    for (let chunk = 0; chunk < 3; chunk += 1) await chunks.next();
    change(path);
    await assert.rejects(Array.fromAsync(chunks), (error) => hasCode(error, "STATE_CHANGED"));
  }
});

test("packToFile() writes the tar, gzip or zstd and returns both digests", async (test) => {
  const directory = sampleTree(tempDirectory(test), { reverse: false });
  const tar = await packed(directory);
  const readers = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync };
  for (const compression of ["none", "gzip", "zstd"] as const) {
    const file = join(tempDirectory(test), "packed");
    const { size, sha256, tarSha256 } = await packToFile({ directory, root: "d", compression, file, signal });
    const bytes = readFileSync(file);
    assert.equal(size, bytes.length);
    assert.equal(sha256, createHash("sha256").update(bytes).digest("hex"));
    assert.equal(tarSha256, createHash("sha256").update(tar).digest("hex"));
    assert.deepEqual(Buffer.from(readers[compression](bytes)), tar);
    const out = join(tempDirectory(test), "out");
    await extractTar({ source: createReadStream(file), directory: out, root: "d", sha256: tarSha256, signal });
  }
});

test("packToFile() names no system and no time in a gzip header", async (test) => {
  const file = join(tempDirectory(test), "packed");
  await packToFile({ directory: tempDirectory(test), root: "d", compression: "gzip", file, signal });
  assert.equal(readFileSync(file).subarray(0, 10).toString("hex"), "1f8b08000000000000ff");
});

/** Path and permission bits of each entry, as in the headers. */
function headersOf(tar: Buffer): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < tar.length - 1024; ) {
    const text = (from: number, to: number) => tar.toString("latin1", at + from, at + to).replace(/\0.*$/s, "");
    found.push(`${text(0, 100)} ${Number.parseInt(text(100, 108), 8).toString(8)}`);
    at += 512 + Math.ceil(Number.parseInt(text(124, 136), 8) / 512) * 512;
  }
  return found;
}

test("packTar() without a root puts the directory's content at the top, and uses only the owner's bits if asked to", async (t) => {
  const trees = [tempDirectory(t), tempDirectory(t)];
  for (const [index, directory] of trees.entries()) {
    const isPrivate = index === 1;
    mkdirSync(join(directory, "bin"));
    for (const [path, mode] of [
      ["bin/run", isPrivate ? 0o700 : 0o775],
      ["data", isPrivate ? 0o600 : 0o664],
      ["fixed", isPrivate ? 0o400 : 0o444],
    ] as const) {
      writeFileSync(join(directory, path), path);
      chmodSync(join(directory, path), mode);
    }
    chmodSync(join(directory, "bin"), isPrivate ? 0o700 : 0o775);
  }
  const packed = trees.map((directory) =>
    Array.fromAsync(packTar({ directory, root: null, modes: "owner", signal })).then((parts) => Buffer.concat(parts)),
  );
  const [open, closed] = await Promise.all(packed);
  assert.ok(open !== undefined && closed !== undefined);
  assert.deepEqual(headersOf(open), ["bin/ 755", "bin/run 755", "data 644", "fixed 444"]);
  assert.deepEqual(closed, open);
});

test("packTar() packs exactly what extractTar() takes under the same limits", async (t) => {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, "sub"));
  writeFileSync(join(directory, "sub/file"), "12345");
  symlinkSync("file", join(directory, "sub/link"));
  const pack = (limits: ExtractLimits) => Array.fromAsync(packTar({ directory, root: "d", limits, signal }));
  const unpack = async (bytes: readonly Uint8Array[], limits: ExtractLimits) => {
    const target = join(tempDirectory(t), "out");
    await extractTar({ source: Readable.from(bytes), directory: target, root: "d", sha256: null, limits, signal });
  };
  const isTooMuch = (error: unknown) => hasCode(error, "ARCHIVE_INVALID") && /it has more than/.test(error.message);
  const whole = await pack(EXTRACT_LIMITS);
  for (const [name, enough] of [
    ["maxEntries", 4],
    ["maxBytes", 5],
    ["maxPathsBytes", "d/".length + "d/sub/".length + "d/sub/file".length + "d/sub/link".length + "file".length],
  ] as const) {
    await unpack(await pack({ ...EXTRACT_LIMITS, [name]: enough }), { ...EXTRACT_LIMITS, [name]: enough });
    const tooFew = { ...EXTRACT_LIMITS, [name]: enough - 1 };
    await assert.rejects(pack(tooFew), isTooMuch, name);
    await assert.rejects(unpack(whole, tooFew), isTooMuch, name);
  }
});
