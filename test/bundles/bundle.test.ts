import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY_MS, indexWorld } from "../repository-index/world.ts";
import { type Deadly, killedAt } from "../support/killed-at.ts";
import { COMPILE_CACHE, MAIN, runPkgProcess } from "../support/pkg-process.ts";
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
  const { home, host, create, asked, trurl } = await bundleWorld(t);
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
    for (const nowhere of ["nowhere", "nowhere.tar"]) {
      const { code, stderr } = await runPkg(["install", "--from", join(home, nowhere)], { home });
      assert.equal(code, 1);
      assert.match(stderr, /Cannot read the bundle ".*nowhere.*": there is no such file[\s\S]*hint: .*bundle create/);
    }
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
    const added = await runPkg(["repo", "add", to, "--json"], { home: fresh });
    assert.equal(JSON.parse(added.stdout).bundle, to, added.stderr);
    assert.equal((await runPkg(["sync"], { home: fresh })).code, 0);
  });

  await t.test("`repo add FILE` makes it a repository that stays, of which nothing asks a network", async () => {
    const fresh = bareHome(t);
    const moved = join(fresh, "here.tar");
    copyFileSync(file, moved);
    asked();
    const offline = (...args: readonly string[]) => runPkg([...args, "--offline"], { home: fresh });
    const added = await offline("repo", "add", "here.tar", "--name", "carried");
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /added carried[\s\S]*pinned on first use[\s\S]*Read from the bundle .*here\.tar/);
    assert.match((await offline("search", "trurl")).stdout, /trurl/);
    assert.match((await offline("info", "trurl")).stdout, /8\.14\.1/);
    // The tags in a bundle are anybody's: it must not answer for what a person names.
    const referred = await offline("info", `${trurl}:8.14.1`);
    assert.match(referred.stderr, /--offline is set/);
    assert.equal((await offline("install", "trurl")).code, 0);
    assert.match((await offline("update")).stdout, /up to date/);
    assert.match((await offline("sync")).stdout, /carried/);
    assert.deepEqual(asked(), []);

    // Again, as after a new bundle was carried over: its repository is known, and keeps its name and keys.
    const again = await offline("repo", "add", file, "--json");
    assert.equal(again.code, 0, again.stderr);
    const { name, bundle, others } = JSON.parse(again.stdout);
    assert.deepEqual({ name, bundle, others }, { name: "carried", bundle: file, others: [] });
    assert.match(
      (await offline("repo", "add", file, "--name", "other")).stderr,
      /"carried" is configured for its address/,
    );
    assert.equal((await offline("repo", "add", moved)).code, 0);

    rmSync(moved);
    assert.match((await offline("search", "trurl")).stdout, /trurl/);
    const synced = await offline("sync");
    assert.equal(synced.code, 1);
    assert.match(synced.stderr, /here\.tar" is not there[\s\S]*run `pkg repo add` with where it is now/);
    assert.match((await offline("remove", "trurl")).stdout, /- trurl 8\.14\.1/);
    assert.equal((await runPkg(["install", "trurl"], { home: fresh })).code, 0);
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

  await t.test(
    "where it is killed, the repository that it added stays only with what is installed from it",
    async () => {
      const fresh = bareHome(t);
      const killed = (deadly: Deadly) =>
        runPkgProcess(["install", "--from", file], { home: fresh, env: killedAt(deadly) });
      const repositories = async () => (await runPkg(["repo", "list"], { home: fresh })).stdout;

      assert.equal((await killed({ call: "renameSync", path: "config.toml", when: "after" })).signal, "SIGKILL");
      assert.match(readFileSync(join(fresh, "config.toml"), "utf8"), /me\/index/);
      assert.match((await runPkg(["repo", "list", "--dry-run"], { home: fresh })).stdout, /me\/index/);
      const next = await runPkg(["repo", "list"], { home: fresh });
      assert.doesNotMatch(next.stdout, /me\/index/);
      assert.match(next.stderr, /was taken out of the repositories again: the installation .* was interrupted/);
      assert.doesNotMatch(readFileSync(join(fresh, "config.toml"), "utf8"), /me\/index/);
      assert.ok(!existsSync(join(fresh, "on-trial")));

      assert.equal((await killed({ call: "unlinkSync", path: "on-trial", when: "before" })).signal, "SIGKILL");
      assert.match(await repositories(), /me\/index/, "something is installed from it");
      assert.ok(!existsSync(join(fresh, "on-trial")));
      assert.equal((await runPkg(["update"], { home: fresh })).code, 0);
    },
  );

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

test("bundle create --lock takes exactly what is locked, and `apply --locked --from` installs it", async (t) => {
  const { home, asked } = await bundleWorld(t);
  const run = (...args: readonly string[]) => runPkg(args, { home });
  writeFileSync(join(home, "packages.toml"), '[packages]\ntrurl = "8.14.1"\n');
  assert.match(
    (await run("bundle", "create", "trurl", "--lock", "packages.lock", "-o", "x.tar")).stderr,
    /named beside/,
  );
  assert.match((await run("bundle", "create", "--lock", "packages.lock", "-o", "x.tar")).stderr, /no such file/);
  const locked = await run("lock");
  assert.equal(locked.code, 0, locked.stderr);
  const made = await run("bundle", "create", "--lock", "packages.lock", "-o", "locked.tar");
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /trurl +8\.14\.1/);

  const fresh = bareHome(t);
  for (const name of ["packages.toml", "packages.lock", "locked.tar"])
    copyFileSync(join(home, name), join(fresh, name));
  asked();
  const unknown = await runPkg(["apply", "--locked", "--from", "locked.tar"], { home: fresh });
  assert.match(unknown.stderr, /is not configured\n.*pkg repo add .*locked\.tar --name tools/);
  assert.equal((await runPkg(["repo", "add", "locked.tar", "--name", "tools"], { home: fresh })).code, 0);
  const applied = await runPkg(["apply", "--locked", "--from", "locked.tar"], { home: fresh });
  assert.equal(applied.code, 0, applied.stderr);
  assert.match((await runPkg(["verify"], { home: fresh })).stdout, /ok trurl 8\.14\.1/);
  const other = bareHome(t);
  assert.equal((await runPkg(["install", "--from", join(home, "locked.tar")], { home: other })).code, 0);
  assert.match((await runPkg(["list"], { home: other })).stdout, /trurl +8\.14\.1/);
  assert.deepEqual(asked(), []);
});

test("bundle create asks no repository after the one that has what was named", async (t) => {
  const { home, reference, host } = await bundleWorld(t);
  const add = ["repo", "add", "later", `${host}/me/nosuch`, "--offline"];
  assert.equal((await runPkg(add, { home })).code, 0);
  const found = await runPkg(["bundle", "create", "trurl", "-o", "one", "--dry-run"], { home });
  assert.equal(found.code, 0, found.stderr);
  assert.doesNotMatch(found.stderr, /later/);
  const referred = await runPkg(
    ["bundle", "create", `${reference.replace("index", "tools/trurl")}:8.14.1`, "-o", "two"],
    { home },
  );
  assert.equal(referred.code, 0, referred.stderr);
  assert.doesNotMatch(referred.stdout + referred.stderr, /index of|later/);
  const unknown = await runPkg(["bundle", "create", "nosuch", "-o", "three"], { home });
  assert.match(unknown.stderr, /packages of later are left out/);
});

test("a hostile bundle is refused, and what its table says of other places changes nothing", async (t) => {
  const { home, create, host } = await bundleWorld(t);
  const layout = join(home, "layout");
  assert.equal((await create("-o", layout)).code, 0);
  const blobs = join(layout, "blobs/sha256");
  const [table = "", index = "", program = ""] = [
    /"requested"/,
    /"pkgs"|"packages":\[|"repository":"/,
    /^\x7fELF|^#!/,
  ].map((pattern) => readdirSync(blobs).find((name) => pattern.test(readFileSync(join(blobs, name), "latin1"))));
  const at = (copy: string, name: string) => join(copy, "blobs/sha256", name);
  const flipped = (path: string) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };
  const cases: readonly (readonly [string, (copy: string) => void])[] = [
    ["a byte of the table", (copy) => flipped(at(copy, table))],
    ["no table", (copy) => rmSync(at(copy, table))],
    ["a byte of the program", (copy) => flipped(at(copy, program))],
    ["no program", (copy) => rmSync(at(copy, program))],
    [
      "a program behind a link",
      (copy) => {
        rmSync(at(copy, program));
        symlinkSync(at(layout, program), at(copy, program));
      },
    ],
    ["index.json too deep", (copy) => writeFileSync(join(copy, "index.json"), `${"[".repeat(200_000)}`)],
    ["index.json of 2 GB", (copy) => truncateSync(join(copy, "index.json"), 2 ** 31)],
    [
      "index.json is a directory",
      (copy) => {
        rmSync(join(copy, "index.json"));
        mkdirSync(join(copy, "index.json"));
      },
    ],
  ];
  assert.ok(table !== "" && program !== "", `${table} ${index} ${program}`);
  for (const [what, change] of cases) {
    const copy = join(home, "hostile");
    rmSync(copy, { recursive: true, force: true });
    cpSync(layout, copy, { recursive: true });
    change(copy);
    const fresh = bareHome(t);
    for (const args of [
      ["install", "--from", copy],
      ["repo", "add", copy, "--offline"],
    ]) {
      const { code, stderr } = await runPkg(args, { home: fresh });
      if (args[0] === "install" || !/program/.test(what)) assert.notEqual(code, 0, `${what}: ${args.join(" ")}`);
      assert.doesNotMatch(stderr, /bug in pkg/, what);
    }
    assert.deepEqual(readdirSync(fresh).includes("bin") ? readdirSync(join(fresh, "bin")) : [], [], what);
  }
  const fifo = join(home, "fifo.tar");
  spawnSync("mkfifo", [fifo]);
  for (const path of [fifo, "/dev/null", "/dev/zero"]) {
    for (const args of [
      ["install", "--from", path],
      ["repo", "add", path, "--offline"],
    ]) {
      const { code, stderr } = await runPkg(args, { home });
      assert.ok(code !== 0 && !/bug in pkg/.test(stderr), `${args.join(" ")}: ${stderr}`);
    }
  }
  assert.ok(host);
});

test("an index in a bundle that is older than the one here, or has expired, is told", async (t) => {
  const { home, create, publishPackageIndex } = await bundleWorld(t);
  assert.equal((await create("-o", "old.tar")).code, 0);
  await publishPackageIndex({ at: Date.now() + 1000 });
  assert.equal((await runPkg(["sync"], { home })).code, 0);
  for (const args of [
    ["install", "--from", "old.tar"],
    ["repo", "add", "old.tar", "--offline"],
  ]) {
    const { code, stderr } = await runPkg(args, { home });
    assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, /the index here is newer than the one in the bundle, and is used/);
  }

  const past = await indexWorld(t);
  await past.publish();
  await past.publishPackageIndex({ at: Date.now() - 2 * 365 * DAY_MS });
  const maker = bareHome(t);
  const made = [
    ["repo", "add", past.reference, "--name", "tools", "--offline"],
    ["bundle", "create", "trurl", "-o", "past.tar", "--allow-stale"],
  ];
  for (const args of made) {
    const { code, stderr } = await runPkg(args, { home: maker });
    assert.equal(code, 0, stderr);
  }
  const fresh = bareHome(t);
  const from = ["install", "--from", join(maker, "past.tar")];
  const refused = await runPkg(from, { home: fresh });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /expired/);
  assert.doesNotMatch(readFileSync(join(fresh, "config.toml"), "utf8"), /me\/index/);
  const stale = await runPkg([...from, "--allow-stale"], { home: fresh });
  assert.equal(stale.code, 0, stale.stderr);
});
