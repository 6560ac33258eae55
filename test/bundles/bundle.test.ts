import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { indexWorld } from "../repository-index/world.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A home without the repositories that ship with the program. */
function bareHome(t: TestContext): string {
  const home = tempDirectory(t);
  const off = ["soarpkgs", "homebrew"].map((name) => `[repositories.${name}]\nenabled = false\n`);
  writeFileSync(join(home, "config.toml"), off.join("\n"));
  return home;
}

async function bundleWorld(t: TestContext) {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex({ at: Date.now() });
  const home = bareHome(t);
  const added = await runPkg(["repo", "add", world.reference, "--name", "tools"], { home });
  assert.equal(added.code, 0, added.stderr);
  const create = (...more: readonly string[]) => runPkg(["bundle", "create", "trurl", ...more], { home });
  return { ...world, home, create };
}

test("bundle create writes what `install --from` installs and verifies, and asks nobody", async (t) => {
  const { home, host, create, asked } = await bundleWorld(t);
  const both = ["--platform", "x86_64-linux", "--platform", "aarch64-linux"];
  const made = await create(...both, "-o", "tools.tar");
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /trurl +8\.14\.1 +aarch64-linux/);
  const file = join(home, "tools.tar");
  const first = readFileSync(file);

  await t.test("the same again has the same bytes", async () => {
    assert.match((await create(...both, "-o", "tools.tar")).stderr, /it exists/);
    assert.equal((await create(...both, "-o", "tools.tar", "--force")).code, 0);
    assert.ok(readFileSync(file).equals(first));
  });

  await t.test(
    "without a name, all that was asked for is installed, and its repository is added with its keys",
    async () => {
      const fresh = bareHome(t);
      asked();
      const dry = await runPkg(["install", "--from", file, "--dry-run"], { home: fresh });
      assert.equal(dry.code, 0, dry.stderr);
      assert.doesNotMatch(readFileSync(join(fresh, "config.toml"), "utf8"), /me\/index/);
      const installed = await runPkg(["install", "--from", file], { home: fresh });
      assert.equal(installed.code, 0, installed.stderr);
      assert.match(installed.stderr, /keys are pinned on first use/);
      assert.match((await runPkg(["verify"], { home: fresh })).stdout, /ok trurl 8\.14\.1/);
      assert.deepEqual(asked(), []);
      const updated = await runPkg(["update"], { home: fresh });
      assert.match(updated.stdout, /trurl 8\.14\.1 is up to date/, updated.stderr);
    },
  );

  await t.test("what is not in it is not looked for elsewhere", async () => {
    const missing = await runPkg(["install", "--from", file, "nosuch"], { home });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /no package of that name/);
  });

  await t.test("skopeo copies it into a registry, and it is installed from there", async () => {
    const layout = join(home, "layout");
    assert.equal((await create("-o", layout)).code, 0);
    const to = `${host}/bundles/tools:made`;
    const args = ["copy", "--all", "--dest-tls-verify=false", `oci:${layout}:bundle`, `docker://${to}`];
    const copied = await new Promise<string | null>((resolve) =>
      execFile("skopeo", ["--insecure-policy", ...args], (error, _, stderr) => resolve(error === null ? null : stderr)),
    );
    assert.equal(copied, null);
    const fresh = bareHome(t);
    const installed = await runPkg(["install", "--from", to], { home: fresh });
    assert.equal(installed.code, 0, installed.stderr);
    assert.match((await runPkg(["verify"], { home: fresh })).stdout, /ok trurl/);
  });

  await t.test("in a network namespace without a network, it installs and verifies", () => {
    const fresh = bareHome(t);
    const run = (...args: readonly string[]) =>
      spawnSync("unshare", ["-rn", process.execPath, MAIN, ...args], {
        env: { HOME: fresh, PKG_HOME: fresh, PATH: "/usr/bin:/bin", NO_COLOR: "1", ...COMPILE_CACHE },
        encoding: "utf8",
      });
    const installed = run("install", "--from", file);
    assert.equal(installed.status, 0, installed.stderr);
    assert.match(run("verify").stdout, /ok trurl/);
    assert.equal(spawnSync(join(fresh, "bin/trurl"), { encoding: "utf8" }).stdout, "trurl\n");
  });

  await t.test("one that is damaged, cut off or not a bundle is refused, and nothing is placed", async () => {
    const fresh = bareHome(t);
    const damaged = Buffer.from(first);
    const at = damaged.indexOf("trurl\n\0".slice(0, 6), damaged.indexOf("\x7fELF"));
    if (at > 0) damaged[at] = (damaged[at] ?? 0) ^ 1;
    const cases: readonly (readonly [string, Buffer])[] = [
      ["damaged.tar", damaged],
      ["cut.tar", first.subarray(0, first.length >> 1)],
      ["empty.tar", Buffer.alloc(0)],
    ];
    for (const [name, bytes] of cases) {
      writeSync(openSync(join(fresh, name), "w"), bytes);
      const { code, stderr } = await runPkg(["install", "--from", name], { home: fresh });
      assert.equal(code, 1, `${name}: ${stderr}`);
      assert.doesNotMatch(stderr, /bug in pkg/);
      assert.equal((await runPkg(["list"], { home: fresh })).stdout.includes("trurl"), false, name);
    }
  });
});

test("install --from says which machine a bundle is for", async (t) => {
  const { home, create } = await bundleWorld(t);
  assert.equal((await create("--platform", "aarch64-linux", "-o", "arm")).code, 0);
  const { code, stderr } = await runPkg(["install", "--from", "arm"], { home });
  assert.equal(code, 1);
  assert.match(stderr, /it is for aarch64-linux, and this machine is x86_64-linux/);
});
