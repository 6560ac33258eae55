import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { writeImages } from "../image/image-builder.ts";
import { downloadWorld } from "../install/download-world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { type Cleanup, tempDirectory, tempHome } from "../support/temp-home.ts";

/** A home that has only these files of another one. */
function freshHome(t: Cleanup, from: string, names: readonly string[]): string {
  const home = tempHome(t);
  for (const name of names) cpSync(join(from, name), join(home, name));
  return home;
}

async function ok(home: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runPkg(args, { home });
  assert.equal(code, 0, stderr);
  return `${stdout}${stderr}`;
}

test("pkg lock Brewfile, then apply --locked, pours the same bottles without an index", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  writeFileSync(join(world.home, "Brewfile"), 'brew "greet@1"\nbrew "cyc-a"\ncask "firefox"\n');
  assert.match(await ok(world.home, "lock", "Brewfile"), /"cask" is for Homebrew alone/);
  const lock = readFileSync(join(world.home, "Brewfile.lock"), "utf8");
  assert.match(lock, /^kind = "bottle"$/m);
  const evil = lock.replaceAll("ghcr.io/homebrew/", "ghcr.io/evil/");
  writeFileSync(join(world.home, "Evil.lock"), evil);
  const { code, stderr } = await world.pkg(["apply", "Evil.lock", "--locked"]);
  assert.equal(code, 1);
  assert.match(stderr, /it is at "ghcr.io\/evil", and the index of homebrew has such packages at "ghcr.io\/homebrew"/);
  const digest = /^ {2}\{ title = "cyc-a", digest = "sha256:([0-9a-f]{64})"/m.exec(lock)?.[1] ?? "";
  writeFileSync(join(world.home, "Evil.lock"), lock.replaceAll(digest, digest.replace(/^./, "0").replace(/.$/, "1")));
  assert.match((await world.pkg(["apply", "Evil.lock", "--locked"])).stderr, /which the index of homebrew states for/);
  world.serve([]);
  const home = freshHome(t, world.home, ["config.toml", "Brewfile", "Brewfile.lock"]);
  await ok(home, "apply", "Brewfile", "--locked");
  assert.equal(execFileSync(join(home, "bin/cyc-a"), { encoding: "utf8" }), "cyc-a needs cyc-b\n");
  assert.match(await ok(home, "apply", "Brewfile", "--locked"), /Nothing to do/);
  assert.match(await ok(home, "apply", "Brewfile.lock", "--locked"), /Nothing to do/);
});

test("pkg lock, then apply --locked, gives the same downloads and programs of images", async (t) => {
  const program = (text: string) => staticProgram(text);
  const world = await downloadWorld(t, { dl: { bytes: program("dl\n") } });
  const images = tempDirectory(t);
  const files = { uv: program("uv\n"), uvx: program("uvx\n") };
  writeImages(images, { latest: { layers: [{ files }], config: { Entrypoint: ["/uv"] } } });
  const wanted = `dl = "*"\nuv = { reference = "oci:${images}:latest", programs = ["uv", "uvx"] }\n`;
  writeFileSync(join(world.home, "packages.toml"), `[packages]\n${wanted}`);
  await ok(world.home, "lock");
  const lock = readFileSync(join(world.home, "packages.lock"), "utf8");
  assert.match(lock, /^kind = "download"\nlocation = "http/m);
  assert.match(lock, /^kind = "image"\nlocation = "oci:.*:latest@sha256:/m);
  await ok(world.home, "apply");
  const home = freshHome(t, world.home, ["config.toml", "packages.toml", "packages.lock"]);
  await ok(home, "apply", "--locked");
  for (const name of ["dl", "uv", "uvx"]) {
    assert.equal(execFileSync(join(home, "bin", name), { encoding: "utf8" }), `${name}\n`);
    assert.deepEqual(readFileSync(join(home, "bin", name)), readFileSync(join(world.home, "bin", name)));
  }
  assert.match(await ok(home, "apply", "--locked"), /Nothing to do/);
  assert.match(await ok(world.home, "apply", "--locked"), /Nothing to do/, "what is locked is what was installed");
  // The tag has moved: what is locked is had by its digest.
  writeImages(images, { latest: { layers: [{ files: { uv: program("new\n") } }], config: { Entrypoint: ["/uv"] } } });
  const late = freshHome(t, world.home, ["config.toml", "packages.toml", "packages.lock"]);
  await ok(late, "apply", "--locked");
  assert.equal(execFileSync(join(late, "bin/uv"), { encoding: "utf8" }), "uv\n");
  const layer = /layer-0", digest = "sha256:([0-9a-f]{64})"/.exec(lock)?.[1] ?? "";
  rmSync(join(images, "blobs/sha256", layer));
  const none = freshHome(t, world.home, ["config.toml", "packages.toml", "packages.lock"]);
  const { code, stderr } = await runPkg(["apply", "--locked"], { home: none });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(layer));
  assert.match(await ok(none, "list"), /Nothing is installed/, "nor is what could be had");
});
