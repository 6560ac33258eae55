import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RESUMABLE_BYTES } from "../../src/fs/partial-file.ts";
import { startFaultServer } from "../support/fault-server.ts";
import { mountTemporary } from "../support/mount-temporary.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import { staticProgram } from "../support/static-program.ts";

const MEBIBYTE = 1024 * 1024;

function runs(home: SampleHome, name: string): string {
  return spawnSync(join(home.path, "bin", name), { encoding: "utf8" }).stdout;
}

/** Points the data directories of a home elsewhere, with everything that is configured kept. */
function moveHome(home: SampleHome, to: string): readonly string[] {
  copyFileSync(join(home.path, "config.toml"), join(to, "config.toml"));
  return ["--home", to];
}

test("pkg install leaves a full disk as it was, reports it, and works once there is space", async (t) => {
  const home = await makeSampleHome(t);
  const mounted = mountTemporary(t, "size=12m");
  if ("reason" in mounted) return t.skip(mounted.reason);
  const small = mounted.path;
  const [tiny, large] = [1, 20].map((size) =>
    home.build({ name: `of-${size}`, version: "1", program: staticProgram("here\n", size * MEBIBYTE) }),
  );
  assert.ok(tiny !== undefined && large !== undefined);
  await home.push(tiny, large);
  home.publishIndex(tiny, large);
  const moved = moveHome(home, small);
  assert.equal((await home.pkg(["install", "of-1", ...moved])).code, 0);
  const full = await home.pkg(["install", "of-20", ...moved]);
  assert.equal(full.code, 1, full.stderr);
  assert.match(full.stderr, /has room for \d+ bytes, expected 209\d+/);
  assert.deepEqual(readdirSync(join(small, "bin")), ["of-1"]);
  assert.deepEqual(readdirSync(join(small, "packages")), ["of-1"]);
  assert.equal((await home.pkg(["verify", ...moved])).code, 0);
  spawnSync("mount", ["-o", "remount,size=64m", small]);
  assert.equal((await home.pkg(["install", "of-20", ...moved])).code, 0);
});

test("pkg install names a bin directory that cannot be written to, and leaves nothing behind", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  const mounted = mountTemporary(t, "ro");
  if ("reason" in mounted) return t.skip(mounted.reason);
  const config = join(home.path, "config.toml");
  writeFileSync(config, `bin_dir = "${mounted.path}"\n${readFileSync(config, "utf8")}`);
  const { code, document } = await home.json("install", "tool");
  assert.equal(code, 1);
  assert.partialDeepStrictEqual(document, { packages: [{ error: { code: "PERMISSION_DENIED" } }] });
  assert.deepEqual((await home.json("list")).document, { packages: [] });
  const packages = join(home.path, "packages");
  assert.deepEqual(existsSync(packages) ? readdirSync(packages) : [], []);
});

test("pkg installs into a home on another file system than temp", async (t) => {
  const home = await makeSampleHome(t);
  const mounted = mountTemporary(t, "size=64m");
  if ("reason" in mounted) return t.skip(mounted.reason);
  const other = mounted.path;
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  assert.equal((await home.pkg(["install", "tool", ...moveHome(home, other)])).code, 0);
  assert.equal(spawnSync(join(other, "bin", "tool"), { encoding: "utf8" }).stdout, "tool 1.0.0\n");
});

test("pkg never overwrites what it did not place, and moves it aside only when told to", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  const path = join(home.path, "bin", "tool");
  mkdirSync(join(home.path, "bin"));
  writeFileSync(path, "mine");
  const refused = await home.pkg(["install", "tool"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /bin\/tool".*\n?.*--force/s);
  assert.equal(readFileSync(path, "utf8"), "mine");
  assert.equal((await home.pkg(["install", "tool", "--force"])).code, 0);
  assert.equal(runs(home, "tool"), "tool 1.0.0\n");
  assert.equal(readFileSync(join(home.path, "bin", "tool.pkg-saved"), "utf8"), "mine");
});

test("pkg updates a program while it runs", async (t) => {
  const home = await makeSampleHome(t);
  const [older, newer] = ["1.0.0", "2.0.0"].map((version) =>
    home.build({ name: "tool", version, program: `echo ${version}; read line; echo "still ${version}"` }),
  );
  assert.ok(older !== undefined && newer !== undefined);
  await home.push(older, newer);
  home.publishIndex(older);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  const running = spawn(join(home.path, "bin", "tool"), { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  running.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(running.stdout, "data");
  home.publishIndex(newer);
  assert.equal((await home.pkg(["update"])).code, 0);
  running.stdin.end("\n");
  await once(running, "close");
  assert.equal(output, "1.0.0\nstill 1.0.0\n");
  assert.match(spawnSync(join(home.path, "bin", "tool"), { input: "\n", encoding: "utf8" }).stdout, /^2\.0\.0/);
});

test("pkg install interrupted during a download ends by the signal, and resumes it the next time", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0", program: staticProgram("whole\n", 8 * MEBIBYTE) });
  const server = await startFaultServer(t, { packages: [built] });
  const config = join(home.path, "config.toml");
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace(`mirrors = ["${home.registryUrl}"]`, `mirrors = ["${server.url}"]`),
  );
  home.publishIndex(built);
  await home.pkg(["sync"]);
  const blob = `blobs/${built.programDigest}`;
  server.rules.add({ path: blob, fault: { kind: "stall", bytes: 4 * MEBIBYTE } });
  const partial = join(home.path, "blobs", "partial");
  const interrupted = await home.pkgProcess(["install", "tool", "--json"], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (!isWorthResuming(partial)) return;
        clearInterval(timer);
        child.kill("SIGINT");
      }, 20);
      child.once("close", () => clearInterval(timer));
    },
  });
  assert.equal(interrupted.signal, "SIGINT", interrupted.stderr);
  assert.partialDeepStrictEqual(JSON.parse(interrupted.stdout), { error: { code: "INTERRUPTED" } });
  assert.equal(existsSync(join(home.path, "bin", "tool")), false);

  server.rules.clear();
  server.clearRequests();
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  assert.equal(runs(home, "tool"), "whole\n");
  const resumed = server.requests.find(({ path }) => path.includes(blob));
  assert.match(resumed?.headers["range"] ?? "", /^bytes=[1-9]\d*-\d+$/);
});

/** True once a partial file is large enough to be left for the next download. */
function isWorthResuming(directory: string): boolean {
  const found = existsSync(directory) ? readdirSync(directory) : [];
  const sizes = found.map((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.some((bytes) => bytes >= RESUMABLE_BYTES);
}

test("pkg run twice at the same time does both, one after the other", async (t) => {
  const home = await makeSampleHome(t);
  const packages = ["a", "b", "c", "d"].map((name) => home.build({ name, version: "1.0.0" }));
  await home.push(...packages);
  home.publishIndex(...packages);
  await home.pkg(["sync"]);
  const both = await Promise.all([home.pkgProcess(["install", "a", "b"]), home.pkgProcess(["install", "c", "d"])]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ stderr }) => stderr).join("\n"),
  );
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["a", "b", "c", "d"]);
});
