import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import recorded from "../../scripts/node-binaries.json" with { type: "json" };
import { readPinnedNode } from "../../scripts/pinned-node.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("readPinnedNode() accepts the Node that npm ci installs, and refuses one that differs by a byte", (t) => {
  assert.ok(readPinnedNode(process.execPath, process).length > 0);
  const changed = join(tempDirectory(t), "node");
  copyFileSync(process.execPath, changed);
  appendFileSync(changed, "\0");
  assert.throws(() => readPinnedNode(changed, process), /has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}, Node /);
});

test("readPinnedNode() refuses a platform for which nothing is recorded", () => {
  const path = import.meta.filename;
  assert.throws(() => readPinnedNode(path, { platform: "plan9", arch: "x64" }), /records no Node for plan9-x64/);
});

test("node-binaries.json is of the version that the lock file pins, for each of its platforms, by digest and without scripts", () => {
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
  );
  const platforms = Object.entries(lock.packages).filter(([path]) =>
    /^node_modules\/node-(bin-)?(linux|darwin)-/.test(path),
  );
  const names = platforms.map(([path]) => path.replace(/^node_modules\/node-(bin-)?/, ""));
  assert.deepEqual(names.sort(), Object.keys(recorded.sha256).sort());
  for (const [, { version, integrity, hasInstallScript }] of platforms) {
    assert.equal(version, recorded.version);
    assert.match(integrity ?? "", /^sha512-/);
    assert.equal(hasInstallScript, undefined);
  }
});

/** What the lock file says about a package. */
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly gypfile?: boolean;
  readonly engines?: object;
  readonly link?: boolean;
}

/** esbuild checks in its own script that what npm has put in place runs, and fetches it only if that is missing. */
const WITH_SCRIPTS = ["node_modules/esbuild", "node_modules/fsevents"];

test("the lock file pins everything that npm ci installs by a digest, and only known packages run scripts", () => {
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
  );
  const installed = Object.entries(lock.packages).filter(
    ([path, { link }]) => path.startsWith("node_modules/") && !link,
  );
  assert.deepEqual(
    installed.filter(([, { integrity }]) => integrity === undefined),
    [],
  );
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
  assert.deepEqual(
    scripted.filter((path) => !WITH_SCRIPTS.includes(path)),
    [],
  );
});

test("the lock file keeps npm from compiling a package in place of the addon that it brings", () => {
  const root = new URL("../../", import.meta.url);
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(new URL("package-lock.json", root), "utf8"),
  );
  const compilable = Object.entries(lock.packages).filter(
    ([path]) => path !== "" && existsSync(new URL(`${path}/binding.gyp`, root)),
  );
  assert.ok(compilable.length > 0);
  // Npm 10 runs node-gyp, which fetches headers that nothing pins, unless the entry itself says otherwise.
  for (const [path, { gypfile }] of compilable)
    assert.equal(gypfile, false, `"gypfile": false is missing at "${path}"`);
  const addons = Object.entries(lock.packages).filter(([path]) => path.startsWith("node_modules/@napi-rs/lzma-"));
  assert.ok(addons.length > 0);
  // The npm of Node 20 leaves out what is optional and asks for a newer Node than its own.
  for (const [path, { engines }] of addons) assert.equal(engines, undefined, `take "engines" out at "${path}"`);
});
