import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

const dir = (path: string): RawEntry => ({ path: `${path}/`, type: "5", mode: 0o755 });
const file = (path: string, body: string, mode = 0o644): RawEntry => ({ path, body, mode });
const link = (path: string, target: string): RawEntry => ({ path, type: "2", target, mode: 0o777 });
const script = (words: string) => `#!/bin/sh\necho ${words}\n`;

/** A package as its own tree: two programs, what they need, and links among them. */
function tree(version: string): readonly RawEntry[] {
  return [
    dir("."),
    dir("bin"),
    file("bin/app", `#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/../lib/app/run" "$@"\n`, 0o755),
    file("bin/tool", script(`tool ${version}`), 0o755),
    link("bin/alias", "../lib/app/run"),
    file("bin/notes", "no program"),
    dir("lib/app"),
    file("lib/app/run", script(`app ${version}`), 0o755),
    file("lib/app/data", `data of ${version}`, 0o640),
    link("lib/current", "app"),
    { path: "lib/app/same", type: "1", target: "lib/app/data" },
    file("share/doc/a/b/c/README", "the same in every version"),
    dir("empty"),
  ];
}

function build(home: SampleHome, version: string, directory = tree(version)) {
  return home.build({ name: "app", version, directory });
}

async function install(home: SampleHome, version: string): Promise<void> {
  const built = build(home, version);
  await home.push(built);
  home.publishIndex(built);
  assert.partialDeepStrictEqual(await home.json("install", "app"), {
    code: 0,
    document: { packages: [{ action: "install", version, checks: ["digest", "checksum", "signature"] }] },
  });
}

const run = (home: SampleHome, name: string) =>
  spawnSync(join(home.path, "bin", name), { encoding: "utf8" }).stdout.trim();

/** Of the one package that is placed. */
function root(home: SampleHome): string {
  const [version, ...others] = readdirSync(join(home.path, "packages", "app"));
  assert.deepEqual(others, []);
  return join(home.path, "packages", "app", version ?? "");
}

test("pkg install places a directory as it is in its archive, and links the programs in its bin", async (t) => {
  const home = await makeSampleHome(t);
  await install(home, "1.0.0");
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["alias", "app", "tool"]);
  assert.deepEqual([run(home, "app"), run(home, "alias"), run(home, "tool")], ["app 1.0.0", "app 1.0.0", "tool 1.0.0"]);
  const placed = root(home);
  const mode = (path: string) => (lstatSync(join(placed, path)).mode & 0o777).toString(8);
  assert.deepEqual(["bin/app", "lib/app/data", "bin", "bin/notes"].map(mode), ["755", "640", "755", "644"]);
  assert.equal(readlinkSync(join(placed, "lib/current")), "app");
  assert.equal(readFileSync(join(placed, "lib/app/same"), "utf8"), "data of 1.0.0");
  assert.deepEqual(readdirSync(placed), ["bin", "lib", "share"]);
  assert.deepEqual(readdirSync(join(home.path, "blobs", "partial")), []);
});

test("pkg verify, files, owns and remove know every file of a directory", async (t) => {
  const home = await makeSampleHome(t);
  await install(home, "1.0.0");
  const placed = root(home);
  const { document } = await home.json("files", "app");
  const { packages } = document as { readonly packages: readonly { readonly files: readonly unknown[] }[] };
  assert.deepEqual(
    packages.map(({ files }) => files.length),
    [9],
  );
  assert.match((await home.pkg(["owns", join(placed, "share/doc/a/b/c/README")])).stdout, /app/);
  assert.equal((await home.pkg(["verify"])).code, 0);
  writeFileSync(join(placed, "lib/app/data"), "other");
  spawnSync("ln", ["-sfn", "../../..", join(placed, "lib/current")]);
  const damaged = await home.json("verify");
  assert.equal(damaged.code, 1);
  assert.match(JSON.stringify(damaged.document), /lib\/current","state":"changed"/);
  assert.match(JSON.stringify(damaged.document), /lib\/app\/data","state":"changed"/);
  assert.equal((await home.pkg(["install", "--reinstall", "app"])).code, 0);
  assert.equal((await home.pkg(["verify"])).code, 0);
  assert.equal(readlinkSync(join(root(home), "lib/current")), "app");
  assert.equal((await home.pkg(["remove", "--purge", "app"])).code, 0);
  assert.equal((await home.pkg(["clean", "--all"])).code, 0);
  for (const path of ["packages", "bin", "blobs/sha256"]) assert.deepEqual(readdirSync(join(home.path, path)), []);
});

test("pkg update replaces a directory, and keeps what both versions have", async (t) => {
  const home = await makeSampleHome(t);
  await install(home, "1.0.0");
  const readme = () => lstatSync(join(root(home), "share/doc/a/b/c/README")).ino;
  const before = readme();
  const newer = build(
    home,
    "2.0.0",
    tree("2.0.0").filter(({ path }) => path !== "bin/tool"),
  );
  await home.push(newer);
  home.publishIndex(newer);
  assert.equal((await home.pkg(["update"])).code, 0);
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["alias", "app"]);
  assert.equal(run(home, "app"), "app 2.0.0");
  assert.equal(readme(), before, "the same blob serves both");
  assert.partialDeepStrictEqual(await home.json("install", "app"), {
    code: 0,
    document: { packages: [{ action: "keep" }] },
  });
});

test("pkg install links of a directory what provides names", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "app", version: "1", directory: tree("1"), provides: ["app==application", "gone"] });
  await home.push(built);
  home.publishIndex(built);
  assert.equal((await home.pkg(["install", "app"])).code, 0);
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["app", "application"]);
});

const BOMB = Buffer.concat([tarOf(file("bin/app", "x", 0o755)).subarray(0, 1024), Buffer.alloc(512 * 1024 * 1024)]);

/** Entries that an archive may not hold, by the message about them. */
const BAD: Readonly<Record<string, readonly RawEntry[] | Buffer>> = {
  "is absolute": [file("/etc/passwd", "x")],
  'has ".."': [file("bin/../../evil", "x")],
  "outside of the archive": [link("bin/app", "../../../../bin/sh")],
  "which is absolute": [link("bin/app", "/bin/sh")],
  "which is a symlink": [link("lib", "bin"), file("lib/evil", "x")],
  "no file before it": [{ path: "a", type: "1", target: "b" }],
  "is in it twice": [file("a", "1"), file("a", "2")],
  "a FIFO": [{ path: "pipe", type: "6" }],
  "more than 250 times": BOMB,
  "cut off": tarOf(file("bin/app", "x".repeat(5000))).subarray(0, 2048),
};

test("pkg install refuses an archive with forbidden entries, and leaves nothing behind", async (t) => {
  const home = await makeSampleHome(t);
  const packages = Object.values(BAD).map((directory, index) =>
    home.build({ name: `bad-${index}`, version: "1", directory }),
  );
  await home.push(...packages);
  home.publishIndex(...packages);
  const { code, document } = await home.json("install", ...packages.map(({ name }) => name));
  assert.equal(code, 1);
  for (const [index, reason] of Object.keys(BAD).entries()) {
    assert.ok(
      typeof document === "object" && document !== null && "packages" in document && Array.isArray(document.packages),
    );
    const item = document.packages.find(({ name }: { readonly name: string }) => name === `bad-${index}`);
    assert.equal(item?.error?.code, "ARCHIVE_INVALID", `${reason}: ${JSON.stringify(item)}`);
    assert.ok(item.error.message.includes(reason), item.error.message);
  }
  for (const path of ["blobs/sha256", "blobs/partial"]) assert.deepEqual(readdirSync(join(home.path, path)), []);
});
