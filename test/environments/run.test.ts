import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { durabilityOf } from "../support/durability-log.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { shortDirectory } from "../support/temp-home.ts";

test("pkg run makes an environment once, and passes words, input and exit code on", async (t) => {
  const home = await makeSampleHome(t);
  const greet = home.build({
    name: "greet",
    version: "1.0",
    program: 'for word in "$@"; do printf "[%s]" "$word"; done; cat; exit 7\n',
  });
  await home.push(greet);
  home.publishIndex(greet);

  const first = await home.pkg(["run", "greet", "--json", "-x", "a b", "", "--", "--help"], { stdin: "in" });
  assert.equal(first.stdout, "[--json][-x][a b][][--][--help]in", first.stderr);
  assert.equal(first.code, 7);
  assert.equal((await home.pkg(["list"])).stdout, "");
  assert.ok(!existsSync(join(home.path, "bin")) || readdirSync(join(home.path, "bin")).length === 0);
  home.takeRequests();
  const second = await home.pkg(["run", "greet", "--", "--", "x"]);
  assert.deepEqual([second.code, second.stdout, second.stderr], [7, "[--][x]", ""]);
  assert.deepEqual(home.takeRequests(), []);

  const odd = home.build({ name: "odd", version: "1.0", program: Buffer.from([0, 1, 2]) });
  await home.push(odd);
  home.publishIndex(greet, odd);
  await home.pkg(["clean", "--all"]);
  const { steps, at } = await durabilityOf(home.path, () => home.pkg(["exec", "greet", "--", "true"]));
  const made = at(/^rename \/run\/[^/]+$/, at(/^sync \/run\/[^/]+$/, at(/^rename \/run\/\S+\/environment\.json$/)));
  assert.equal(steps[made + 1], "sync /run", "an environment is durable before it has its name");
  for (const line of ["run odd", "exec odd -- sh", "shell odd", "run odd --json"]) {
    const { code, stdout, stderr } = await home.pkg(line.split(" "));
    assert.equal(code, 1, line);
    assert.match(stdout + stderr, /Cannot use \\?"odd\\?": /, line);
    assert.doesNotMatch(stdout + stderr, /Cannot install/, `${line}: nothing is installed`);
  }
});

test("pkg run pours bottles for the directory of their environment, and leaves the prefix alone", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  // The files of a bottle name the directory that it is poured into, which may have 26 bytes.
  const home = shortDirectory(t, "p");
  copyFileSync(join(world.home, "config.toml"), join(home, "config.toml"));
  const first = await world.pkg(["run", "greet"], { home });
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^greet 1.2.0: salute, hail/);
  assert.ok(!existsSync(join(home, "brew")));
  const asked = world.requests.length;
  assert.deepEqual(await world.pkg(["run", "greet"], { home }), { code: 0, stdout: first.stdout, stderr: "" });
  assert.equal(world.requests.length, asked);
  const manual = await world.pkg(["exec", "greet", "--", "sh", "-c", "echo $MANPATH"], { home });
  assert.match(manual.stdout, /\/share\/man:\/.*\/p\/share\/man:$/m);

  // A longer home: it is poured in a place that is removed afterwards.
  const places = () => readdirSync("/tmp").filter((name) => /^pkg-[0-9A-Za-z]{6}$/.test(name));
  const before = places();
  const long = await world.pkg(["run", "greet"]);
  assert.deepEqual([long.code, long.stdout], [0, first.stdout], long.stderr);
  assert.deepEqual((await world.pkg(["run", "--dry-run", "greet"])).code, 0);
  assert.deepEqual(
    places().filter((name) => !before.includes(name)),
    [],
  );
});

test("pkg run asks which of several programs, takes what is installed, and goes back to it after --refresh", async (t) => {
  const home = await makeSampleHome(t);
  const shell = (text: string) => Buffer.from(`#!/bin/sh\necho ${text}\n`);
  const two = home.build({
    ...{ name: "two", version: "1", program: shell("two") },
    ...{ programs: { "two-b": shell("b") }, provides: ["two", "two-b"] },
  });
  const many = home.build({ name: "many", version: "1", programs: { b: shell("b") }, provides: ["a", "b"] });
  await home.push(two, many);
  home.publishIndex(two, many);
  assert.equal((await home.pkg(["run", "two"])).stdout, "two\n");
  assert.equal((await home.pkg(["run", "--program", "two-b", "two"])).stdout, "b\n");
  const unknown = await home.pkg(["run", "--program", "nix", "two"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no program "nix": "two", "two-b"\nhint: .*`pkg run --program two two`/);

  assert.equal((await home.pkg(["install", "two"])).code, 0);
  const dry = await home.pkg(["run", "--dry-run", "two"]);
  assert.equal(dry.stdout, `Would run ${join(home.path, "bin/two")}, which is installed\n`);
  const newer = home.build({ name: "two", version: "2" });
  await home.push(newer);
  home.publishIndex(newer);
  assert.equal((await home.pkg(["run", "two"])).stdout, "two\n");
  assert.equal((await home.pkg(["run", "--refresh", "two"])).stdout, "two 2\n");
  assert.equal((await home.pkg(["run", "two@latest"])).stdout, "two 2\n");
  assert.equal((await home.pkg(["run", "two"])).stdout, "two\n");
  const failed = await home.pkg(["--json", "run", "nosuch"]);
  assert.partialDeepStrictEqual(JSON.parse(failed.stdout), { error: { code: "PACKAGE_NOT_FOUND" } });
});

test("pkg exec asks for names that hide something else, and pkg run for none, as nothing is put on PATH", async (t) => {
  const home = await makeSampleHome(t);
  const packages = ["cat", "perl", "own"].map((name) => home.build({ name, version: "1" }));
  await home.push(...packages);
  home.publishIndex(...packages);
  assert.equal((await home.pkg(["run", "cat"])).stdout, "cat 1\n");
  const refused = await home.pkg(["exec", "cat", "--", "cat"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /"cat" is a command that scripts rely on\nhint: Add --allow-name cat/);
  assert.equal((await home.pkg(["exec", "--allow-name", "cat", "cat", "--", "cat"])).stdout, "cat 1\n");
  assert.equal((await home.pkg(["exec", "cat", "--", "cat"])).code, 1);
  // Whoever names it wants it to come first.
  assert.equal((await home.pkg(["exec", "perl", "--", "perl"])).stdout, "perl 1\n");

  assert.equal((await home.pkg(["install", "own"])).code, 0);
  home.takeRequests();
  const PATH = `${join(home.path, "bin")}:/usr/bin:/bin`;
  const installed = await home.pkg(["exec", "own", "--", "own"], { env: { PATH } });
  assert.deepEqual([installed.code, installed.stdout], [0, "own 1\n"], installed.stderr);
  assert.deepEqual(home.takeRequests(), [], "the store has it");
});

test("pkg exec of two processes at once makes one environment, and takes nothing half made for one", async (t) => {
  const home = await makeSampleHome(t);
  const packages = ["a", "b"].map((name) => home.build({ name, version: "1" }));
  await home.push(...packages);
  home.publishIndex(...packages);
  const line = ["exec", "a", "b", "--", "sh", "-c", "a; b; echo $PATH"];
  const both = await Promise.all([home.pkg(line), home.pkg(line)]);
  const [{ stdout }, other] = both;
  assert.equal(other.stdout, stdout, both.map(({ stderr }) => stderr).join());
  const [, directory = ""] = /^a 1\nb 1\n([^:]*)\/bin:/.exec(stdout) ?? assert.fail(stdout);
  const names = () => readdirSync(join(home.path, "run")).filter((name) => name !== ".found");
  assert.deepEqual(names(), [basename(directory)]);
  // As a process that was killed leaves it, and with a program that somebody has removed.
  rmSync(join(directory, "environment.json"));
  assert.match((await home.pkg(["exec", "b", "a", "--", "a"])).stdout, /^a 1/);
  assert.equal(names().length, 2);
  const [made = assert.fail()] = names().filter((name) => name !== basename(directory));
  rmSync(join(home.path, "run", made, "packages"), { recursive: true });
  assert.equal((await home.pkg(["exec", "b", "a", "--", "b"])).stdout, "b 1\n");
});

test("pkg run uses a temporary place where the home cannot be written, and leaves nothing there", async (t) => {
  const home = await makeSampleHome(t);
  const greet = home.build({ name: "greet", version: "1.0" });
  await home.push(greet);
  home.publishIndex(greet);
  // No directory can be made below a file, whoever asks.
  writeFileSync(join(home.path, "run"), "");
  const before = readdirSync(tmpdir()).filter((name) => /^pkg-[0-9A-Za-z]{6}$/.test(name));
  assert.deepEqual((await home.pkg(["run", "greet"])).stdout, "greet 1.0\n");
  const failed = await home.pkg(["exec", "greet", "--", "nosuch"]);
  assert.match(failed.stderr, /PROGRAM_NOT_FOUND|Cannot run "nosuch"/);
  const after = readdirSync(tmpdir()).filter((name) => /^pkg-[0-9A-Za-z]{6}$/.test(name));
  assert.deepEqual(
    after.filter((name) => !before.includes(name)),
    [],
  );
});

test("pkg run as a process becomes the program: streams, signals that are ignored, and death by a signal are its own", async (t) => {
  const home = await makeSampleHome(t);
  const show =
    "cat; grep -h flags /proc/self/fdinfo/0 /proc/self/fdinfo/1; grep SigIgn /proc/self/status; kill -TERM $$; sleep 60\n";
  const greet = home.build({ name: "greet", version: "1.0", program: show });
  await home.push(greet);
  home.publishIndex(greet);
  const { code, signal, stdout, stderr } = await home.pkgProcess(["run", "greet"], { stdin: "in\n" });
  assert.deepEqual([code, signal], [null, "SIGTERM"], stderr);
  // O_NONBLOCK is 04000; bit 12 is SIGPIPE.
  assert.match(stdout, /^in\nflags:\t0+2?\nflags:\t0+[12]\nSigIgn:\t[0-9a-f]{12}[02468ace][0-9a-f]{3}\n$/);
});
