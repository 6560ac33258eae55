import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { writeImages } from "../image/image-builder.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory } from "../support/temp-home.ts";

const directory = (version: string) => [
  { path: "bin/", type: "5", mode: 0o755 },
  { path: "bin/app", body: `#!/bin/sh\necho ${version}\n`, mode: 0o755 },
  { path: "share/data", body: `data of ${version}`, mode: 0o644 },
];

const withoutTimes = (text: string) => text.replace(/"installedAt": ".*"/g, "");

test("a package in an archive that was removed installs again from the store, as long as its signer is trusted", async (t) => {
  const home = await makeSampleHome(t);
  const app = home.build({ name: "app", version: "1.0.0", directory: directory("1.0.0") });
  await home.push(app);
  home.publishIndex(app);
  const pkg = async (line: string, code = 0) => {
    const result = await home.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result.stdout + result.stderr;
  };
  const record = async () => withoutTimes((await home.pkg(["info", "app", "--json"])).stdout);
  await pkg("install app");
  const before = await record();
  await pkg("remove app");
  home.takeRequests();
  await pkg("install app --offline");
  await pkg("reinstall app --offline");
  assert.deepEqual(home.takeRequests(), []);
  await pkg("verify");
  assert.equal(await record(), before);

  // A key that is not trusted any more is not asked only because the store holds what it signed.
  await pkg("remove app");
  const other = createSigner();
  const config = join(home.path, "config.toml");
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replaceAll(home.signer.publicKey, other.publicKey));
  assert.match(await pkg("install app", 1), /SIGNATURE_UNTRUSTED|is signed by|expected/);
});

test("a program of an image that was removed installs again without its layers", async (t) => {
  const home = await makeSampleHome(t);
  const layout = join(tempDirectory(t), "tools");
  const files = { "usr/bin/tool": staticProgram("hello\n"), "usr/bin/other": staticProgram("other\n") };
  writeImages(layout, { "1.2.0": { layers: [{ files }], config: { Entrypoint: ["tool"] } } });
  const pkg = async (line: string, code = 0) => {
    const result = await home.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result;
  };
  await pkg(`install oci:${layout}:1.2.0`);
  await pkg("remove tool");
  const blobs = join(layout, "blobs", "sha256");
  for (const name of readdirSync(blobs)) {
    if (readFileSync(join(blobs, name))[0] !== 0x7b) rmSync(join(blobs, name));
  }
  await pkg(`install oci:${layout}:1.2.0`);
  await pkg("verify");
  // Another program of it is in no store.
  await pkg(`install oci:${layout}:1.2.0 --program other`, 1);
});

test("bottles that were removed pour again from the store, with all that they need", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const pkg = async (line: string, code = 0) => {
    const result = await world.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result.stdout + result.stderr;
  };
  await pkg("install greet");
  const record = async () => withoutTimes(await pkg("info greet --json"));
  const before = await record();
  await pkg("remove greet");
  const { length } = world.requests;
  await pkg("install greet --offline");
  assert.equal(world.requests.length, length);
  await pkg("verify");
  assert.equal(await record(), before);

  // Its files name the prefix that they were poured for: for another one, it is poured again.
  await pkg("remove greet");
  const config = join(world.home, "config.toml");
  const other = `${world.prefix}2`;
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replace('kind = "homebrew"\n', `kind = "homebrew"\nprefix = ${JSON.stringify(other)}\n`));
  assert.match(await pkg("undo --offline", 1), /Cannot bring back "greet" .*: the store does not hold all of it, and /);
  await pkg("undo");
  await pkg("verify");
  assert.match(await pkg("list"), /greet/);
  assert(existsSync(join(other, "Cellar", "greet")));
});

test("a kept version that its index does not have any more, and what came by its reference, install again", async (t) => {
  const home = await makeSampleHome(t);
  const [old, next] = ["1.0.0", "2.0.0"].map((version) =>
    home.build({ name: "app", version, directory: directory(version) }),
  );
  assert(old !== undefined && next !== undefined);
  await home.push(old, next);
  const pkg = async (line: string, code = 0) => {
    const result = await home.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result.stdout + result.stderr;
  };
  home.publishIndex(old);
  await pkg("install app");
  home.publishIndex(next);
  await pkg("sync");
  await pkg("update app");
  assert.match(await pkg("install app@1.0.0 --offline"), /~ app 2\.0\.0 → 1\.0\.0/);
  await pkg("remove app");
  assert.match(await pkg("install app@1.0 --offline"), /\+ app 1\.0\.0/);
  assert.match(await pkg("install app@3 --offline", 1), /no version fits/);
  await pkg("verify");
  await pkg("remove app");

  const reference = old.reference;
  await pkg(`install ${reference} --key ${home.signer.publicKey}`);
  await pkg("remove app");
  await pkg(`install ${reference} --key ${home.signer.publicKey} --offline`);
  await pkg("verify");
});
