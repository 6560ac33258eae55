import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempDirectory, tempHome } from "../support/temp-home.ts";

/** A home, a directory to work in, and `pkg` there without a network. */
function world(t: Cleanup) {
  const home = tempHome(t);
  const work = tempDirectory(t);
  const pkg = (...args: readonly string[]) => runPkg([...args, "--offline"], { home, cwd: work });
  const program = (name: string, words: string) => {
    writeFileSync(join(work, name), `#!/bin/sh\necho ${words}\n`);
    chmodSync(join(work, name), 0o755);
  };
  /** Pushes files of the working directory as an artifact into a layout next to them. */
  const push = async (layout: string, tag: string, ...files: readonly string[]) =>
    succeed(await pkg("oci", "push", `oci:${join(work, layout)}:${tag}`, ...files));
  const run = (name: string) => execFileSync(join(home, "bin", name), { encoding: "utf8" }).trim();
  return { home, work, pkg, program, push, run };
}

function succeed(result: RunResult): RunResult {
  assert.equal(result.code, 0, result.stderr);
  return result;
}

function installed({ stdout }: RunResult): readonly Record<string, unknown>[] {
  const { packages } = JSON.parse(stdout);
  assert.ok(Array.isArray(packages) && packages.length > 0, stdout);
  return packages;
}

test("pkg install oci:DIR:TAG places a program of a layout offline, and update keeps it from anywhere", async (t) => {
  const { work, pkg, program, push, run } = world(t);
  program("hello", "one");
  await push("lay", "1.0", "hello");
  const [item] = installed(succeed(await pkg("install", "oci:lay:1.0", "--json")));
  assert.deepEqual([item?.["name"], item?.["version"], item?.["repository"]], ["hello", "1.0", null]);
  assert.equal(run("hello"), "one");
  assert.match(succeed(await pkg("list")).stdout, new RegExp(`oci:${work}/lay:1\\.0`));
  assert.match(succeed(await pkg("update")).stdout, /hello 1\.0 is up to date/);
  program("hello", "two");
  await push("lay", "1.0", "hello");
  succeed(await pkg("update"));
  assert.equal(run("hello"), "two", "a tag that moved in the layout is followed, by its absolute path");
  succeed(await pkg("verify"));
  succeed(await pkg("remove", "hello"));
});

test("pkg install ./tools.tar takes the one manifest of a tar, and its tag for the version", async (t) => {
  const { work, pkg, program, push, run } = world(t);
  program("hello", "from a tar");
  await push("lay", "2.1", "hello");
  execFileSync("tar", ["cf", join(work, "tools.tar"), "-C", join(work, "lay"), "."]);
  for (const place of ["./tools.tar", "./tools.tar:2.1", join(work, "tools.tar"), "oci-archive:tools.tar", "./lay"]) {
    const [item] = installed(succeed(await pkg("install", place, "--replace", "--reinstall", "--json")));
    assert.deepEqual([item?.["name"], item?.["version"]], ["hello", "2.1"], place);
    assert.equal(run("hello"), "from a tar");
  }
});

test("pkg install of a layout asks for a tag if there are several, and names them", async (t) => {
  const { pkg, program, push } = world(t);
  for (const tag of ["1", "2"]) {
    program("hello", tag);
    await push("lay", tag, "hello");
  }
  const { code, stderr } = await pkg("install", "./lay");
  assert.equal(code, 2);
  assert.match(stderr, /expected a tag, as it holds 2 manifests; its tags are 2, 1/);
  assert.match(stderr, /hint: Add one: oci:\S+lay:2/);
});

test("pkg install of a place that does not exist changes nothing, and says what to type", async (t) => {
  const { home, pkg } = world(t);
  const cases = [
    ["./nothing", 2, /there is no such file or directory/],
    ["oci:nothing:1", 1, /nothing/],
    ["oci-archive:nothing.tar:1", 1, /nothing\.tar/],
    ["/nothing/at/all", 2, /there is no such file or directory/],
  ] as const;
  for (const [place, expected, message] of cases) {
    const { code, stderr } = await pkg("install", place);
    assert.equal(code, expected, `${place}: ${stderr}`);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /bug/);
  }
  assert.ok(!existsSync(join(home, "bin")) || readdirSync(join(home, "bin")).length === 0);
});

test("pkg install takes the program of this machine from an image index in a layout", async (t) => {
  const { work, pkg, program, run } = world(t);
  const layout = (tag: string) => `oci:${join(work, "lay")}:${tag}`;
  for (const platform of ["linux/amd64", "linux/arm64"]) {
    const tag = platform.replace("/", "-");
    program("hello", platform);
    succeed(await pkg("oci", "push", layout(tag), "hello", "--platform", platform));
  }
  succeed(await pkg("oci", "index", "create", layout("all"), "linux-amd64", "linux-arm64"));
  succeed(await pkg("install", "oci:lay:all"));
  assert.equal(run("hello"), process.arch === "arm64" ? "linux/arm64" : "linux/amd64");
});

test("pkg install refuses a blob of a layout that was damaged, and places nothing", async (t) => {
  const { home, work, pkg, program, push } = world(t);
  program("hello", "good");
  await push("lay", "1", "hello");
  const blobs = join(work, "lay", "blobs", "sha256");
  const name = readdirSync(blobs).find((blob) => readFileSync(join(blobs, blob), "utf8").startsWith("#!"));
  const path = join(blobs, name ?? assert.fail("the program is not in the layout"));
  chmodSync(path, 0o644);
  writeFileSync(path, "#!/bin/sh\necho evil\n");
  const { code, stderr } = await pkg("install", "oci:lay:1");
  assert.equal(code, 1, stderr);
  assert.match(stderr, /expected/);
  assert.ok(!existsSync(join(home, "bin", "hello")));
});

test("pkg install accepts files in subdirectories, or with a colon, next to the program", async (t) => {
  const { work, pkg, program, push, run } = world(t);
  program("hello", "with company");
  mkdirSync(join(work, "share"));
  writeFileSync(join(work, "share", "a.txt"), "text");
  writeFileSync(join(work, "a:b"), "text");
  await push("lay", "1", "hello", "share/a.txt", "a:b");
  succeed(await pkg("install", "oci:lay:1"));
  assert.equal(run("hello"), "with company");
});

test("pkg install --key checks a package in a layout, as it does for a registry", async (t) => {
  const { pkg, program, push } = world(t);
  program("hello", "unsigned");
  await push("lay", "1", "hello");
  const key = "RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4";
  const { code, stderr } = await pkg("install", "oci:lay:1", "--key", key);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /CHECKSUM|signature/i);
});
