import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

/** A home with an index, a project in it, and fresh homes that have only its config. */
async function makeWorld(t: Cleanup) {
  const home = await makeDependencyHome(t);
  const serve = (version: string) =>
    home.serve(
      { name: "app", version, needs: ["lib"] },
      { name: "lib", version: "1.0" },
      { name: "tool", version: "1.0" },
    );
  await serve("1.0");
  const declare = (text: string) => writeFileSync(join(home.path, "packages.toml"), text);
  declare(
    `[packages]\napp = "*"\nref = { reference = "${home.registryHost}/pkgforge/bincache/tool/tool:1.0-x86_64-linux" }\n`,
  );
  const lockPath = join(home.path, "packages.lock");
  const fresh = () => {
    const path = tempHome(t);
    for (const name of ["config.toml", "packages.toml", "packages.lock"])
      cpSync(join(home.path, name), join(path, name));
    return { path, run: (...args: readonly string[]) => runPkg(args, { home: path }) };
  };
  return { ...home, serveApp: serve, declare, lockPath, lockText: () => readFileSync(lockPath, "utf8"), fresh };
}

/** Every file that is placed, with its digest. */
function treeOf(home: string): readonly string[] {
  const root = join(home, "packages");
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path.slice(root.length)} ${hashHex("sha256", readFileSync(path))}`)
    .toSorted();
}

test("pkg lock, then apply --locked in two fresh homes, gives the same files, though the index has moved on", async (t) => {
  const world = await makeWorld(t);
  await world.ok("lock");
  const text = world.lockText();
  assert.match(
    text,
    /^name = "app"\nplatform = "x86_64-linux"\nversion = "1.0"\nrequested = "app"\nrepository = "tools"$/m,
  );
  assert.match(text, /^ {2}\{ title = "app", digest = "sha256:[0-9a-f]{64}", size = \d+ \},$/m);
  assert.match(text, /^signer = "RW/m);
  world.takeRequests();
  assert.match((await world.ok("lock")).stdout, /is up to date: 3 packages/);
  await world.ok("lock --check");
  assert.deepEqual(world.takeRequests(), [], "what is locked already is not asked for");
  rmSync(world.lockPath);
  await world.ok("lock");
  assert.equal(world.lockText(), text, "the same input gives the same bytes");
  await world.serveApp("2.0");
  const homes = [world.fresh(), world.fresh()];
  for (const { run } of homes) {
    const { code, stderr } = await run("apply", "--locked");
    assert.equal(code, 0, stderr);
    assert.match((await run("apply", "--frozen")).stdout, /^Nothing to do/);
  }
  const [one, two] = homes.map(({ path }) => treeOf(path));
  assert.equal(one?.length, 3);
  assert.deepEqual(one, two);
  assert.ok(!world.takeRequests().some((asked) => asked.includes("/index/")), "no index is read");
  await world.ok("lock --upgrade-package app");
  assert.match(world.lockText(), /^name = "app"\nplatform = "x86_64-linux"\nversion = "2.0"$/m);
});

test("pkg apply --locked fails, and places nothing, for a stale lock, another signer, and what is missing or was changed", async (t) => {
  const world = await makeWorld(t);
  await world.ok("lock");
  const text = world.lockText();
  const refused = async (change: string, ...args: readonly string[]) => {
    const { path, run } = world.fresh();
    writeFileSync(join(path, "packages.lock"), change);
    const result = await run("apply", "--locked", ...args, "--json");
    assert.equal(result.code, 1, result.stderr);
    assert.deepEqual(treeOf(path), []);
    return JSON.stringify(jsonOf(result));
  };
  const other = createSigner().publicKey;
  assert.match(await refused(text.replaceAll(/^signer = ".*"$/gm, `signer = "${other}"`)), /SIGNATURE_UNTRUSTED/);
  assert.match(
    await refused(text.replaceAll("sha256:", "sha256:0").replaceAll(/sha256:0([0-9a-f]{63})[0-9a-f]/g, "sha256:0$1")),
    /HTTP_NOT_FOUND/,
  );
  const app = /name = "app"[\s\S]*?digest = "(sha256:[0-9a-f]{64})"/.exec(text)?.[1] ?? "";
  const lib = /name = "lib"[\s\S]*?digest = "(sha256:[0-9a-f]{64})"/.exec(text)?.[1] ?? "";
  assert.match(await refused(text.replaceAll(app, lib)), /HTTP_NOT_FOUND.*packages.lock.*names it all the same/);
  const tool = /name = "tool"[\s\S]*?title = "tool", digest = "(sha256:[0-9a-f]{64})"/.exec(text)?.[1] ?? "";
  assert.match(
    await refused(text.replaceAll(tool, lib)),
    /DIGEST_MISMATCH/,
    "what a manifest names is not what is locked",
  );
  assert.match(await refused(text.replaceAll(/^repository = "tools"$/gm, 'repository = "mine"')), /REPOSITORY_UNKNOWN/);
  world.declare('[packages]\napp = "^1"\n');
  assert.match(
    await refused(text),
    /LOCK_STALE.*\\"app\\" is declared as \\"app@\^1\\" and not locked so, \\"tool\\" is locked and not declared/,
  );
  const check = await world.pkg(["lock", "--check"]);
  assert.equal(check.code, 1);
  assert.match(check.stderr, /is not up to date: /);
  assert.equal(world.lockText(), text);
});

test("pkg lock writes what other platforms get, and nothing where something cannot be locked", async (t) => {
  const world = await makeWorld(t);
  const built = ["x86_64-linux", "aarch64-linux"].map((host) => world.build({ name: "two", version: "1.0", host }));
  await world.push(...built);
  world.publishIndex(...built);
  await world.ok("sync");
  world.declare(
    'platforms = ["linux/amd64", "linux/arm64"]\n[packages]\ntwo = "*"\nhere = { reference = "HOST/none:1", platforms = ["linux/riscv64"] }\n',
  );
  await world.ok("lock");
  assert.deepEqual(
    [...world.lockText().matchAll(/^platform = "(.*)"$/gm)].map(([, platform]) => platform),
    ["aarch64-linux", "x86_64-linux"],
  );
  const text = world.lockText();
  world.declare('[packages]\ntwo = "*"\nnone = "*"\n');
  const { code, stderr } = await world.pkg(["lock"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot find "none"/);
  assert.equal(world.lockText(), text);
});

test("pkg lock leaves what is declared and locked as it is, when something new needs it as well; and drops what nothing needs any more", async (t) => {
  const world = await makeWorld(t);
  world.declare('[packages]\nlib = "*"\n');
  await world.ok("lock");
  const text = world.lockText();
  await world.serve(
    { name: "app", version: "1.0", needs: ["lib"] },
    { name: "lib", version: "2.0", needs: ["more"] },
    { name: "more", version: "1.0" },
  );
  world.declare('[packages]\napp = "*"\nlib = "*"\n');
  await world.ok("lock");
  assert.deepEqual(
    [...world.lockText().matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name),
    ["app", "lib"],
  );
  assert.ok(world.lockText().endsWith(text.slice(text.indexOf("[[package]]"))), world.lockText());
  const { code, stderr } = await world.fresh().run("apply", "--locked");
  assert.equal(code, 0, stderr);
});

/** What a lock file says of `app`, changed so that it would lead out of where packages are, or to what nobody can read. */
const HOSTILE: readonly (readonly [was: RegExp, is: string, message: RegExp])[] = [
  [/^name = "app"$/m, 'name = "../../app"', /cannot be a name|needs/],
  [/^location = ".*\/app@?.*"$/m, 'location = "ghcr.io/a/b:1"', /its location has no digest/],
  [/^location = ".*\/app@?.*"$/m, 'location = "http://["', /Cannot use/],
  [/^kind = "artifact"$/m, 'kind = "bottle"', /Cannot/],
  [/^kind = "artifact"$/m, 'kind = "download"', /it has no address or no digest/],
  [/^version = 1$/m, "version = 2", /version.*found 2/],
  [/^dependencies = \["lib"\]$/m, 'dependencies = ["none"]', /needs "none", which is not in it/],
  [/^require = .*$/m, 'require = ["digest"]\nextra = 1', /key "extra" is unknown/],
  [/^blobs = \[$/m, "blobs = [\n  7,", /must be a table, found 7/],
  [
    /^version = "1.0"\nrequested = "app"$/m,
    'version = "1.0"\nrequested = "app@^2"',
    /its version is 1.0, requested as "app@\^2"/,
  ],
  [/^requested = "app"$/m, 'requested = "grep"', /its name is "app", requested as "grep"/],
  [/^requested = "app"$/m, 'requested = "app:other"', /it is from the repository tools, requested as "app:other"/],
  [/^requested = "app"$/m, 'requested = "ghcr.io/me/app"', /it is from the repository tools, requested as/],
  [/^location = "(127.*\/tool):1.0-/m, 'location = "$1-two:1.0-', /and its id is/],
  [/^id = "127.*"$/m, 'id = "ghcr.io/me/tool"', /and its id is "ghcr.io\/me\/tool"/],
  [/^(requested = "127.*\/tool)(:1.0-.*")$/m, "$1-two$2", /it is at "127.*\/tool", requested as ".*tool-two:/],
  [/^(requested = "127.*\/tool:)1.0-.*"$/m, '$12.0"', /it has the tag "1.0-x86_64-linux"/],
  [/^requested = "127.*"\n/m, "", /nothing needs "tool", and it is not declared/],
  [/^dependencies = \["lib"\]\n/m, "", /nothing needs "lib", and it is not declared/],
  [/^kind = "artifact"$/m, 'kind = "image"', /it is of the kind "image"/],
];

test("pkg apply --locked refuses a lock file that was made up, and says what is wrong with it", async (t) => {
  const world = await makeWorld(t);
  await world.ok("lock");
  const text = world.lockText();
  const { path, run } = world.fresh();
  for (const [was, is, message] of HOSTILE) {
    const changed = text.replace(was, is);
    assert.notEqual(changed, text, `${was}`);
    writeFileSync(join(path, "packages.lock"), changed);
    const { code, stderr } = await run("apply", "packages.lock", "--locked");
    assert.ok(code === 1 || code === 2, stderr);
    assert.match(stderr, message, is);
    assert.doesNotMatch(stderr, /This is a bug/);
    assert.deepEqual(treeOf(path), []);
  }
  // Where a repository requires no signature, its index says where its packages are.
  const loose = world.fresh();
  const config = readFileSync(join(loose.path, "config.toml"), "utf8");
  writeFileSync(join(loose.path, "config.toml"), config.replace(/^keys = .*$/m, 'require = ["digest"]'));
  assert.equal((await loose.run("sync")).code, 0);
  const weak = text.replaceAll(/^signer = .*\n/gm, "").replaceAll(/^require = .*$/gm, 'require = ["digest"]');
  writeFileSync(join(loose.path, "packages.lock"), weak.replace('"ghcr.io/pkgforge/', '"ghcr.io/evil/'));
  assert.match(
    (await loose.run("apply", "packages.lock", "--locked")).stderr,
    /it is at "ghcr.io\/evil", and the index of/,
  );
  rmSync(world.lockPath);
  symlinkSync(join(world.path, "made"), world.lockPath);
  assert.match((await world.pkg(["lock"])).stderr, /it is a link to a file that is not there/);
  assert.equal(existsSync(join(world.path, "made")), false);
  rmSync(world.lockPath);
  const twice = '[packages]\napp = "*"\n"app#test.pkgforge.bincache.app.app" = "1.0"\n';
  world.declare(twice);
  assert.match((await world.pkg(["lock"])).stderr, /Cannot lock "app#.*@1.0": it is the same package as "app"/);
  // What the hint says to type helps.
  world.declare('[packages]\napp = "1.0"\n');
  await world.ok("lock");
  assert.match(world.lockText(), /^version = "1.0"\nrequested = "app@1.0"$/m);
  world.declare('[packages]\napp = "1.0"\n"app#test.pkgforge.bincache.app.app" = "*"\n');
  assert.match((await world.pkg(["lock"])).stderr, /Cannot lock "app#.*": it is the same package as "app@1.0"/);
  world.declare('[packages]\napp = "1.0"\n');
  writeFileSync(world.lockPath, world.lockText().replace('version = "1.0"\nrequested', 'version = "0.5"\nrequested'));
  await world.ok("lock");
  assert.match(world.lockText(), /^version = "1.0"\nrequested = "app@1.0"$/m);
});
