import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import type { Config } from "../../src/config/config.ts";
import type { PkgError } from "../../src/errors.ts";
import { expectOwn } from "../../src/self/own-program.ts";
import { rollbackSelf } from "../../src/self/rollback.ts";
import { planUninstall, uninstallSelf } from "../../src/self/uninstall.ts";
import { type SelfUpdateRequest, updateSelf } from "../../src/self/update.ts";
import { withLock } from "../../src/state/lock.ts";
import { openHome, placePackage, sampleProgram } from "../profile/profile-home.ts";
import { PUBLIC_KEY, publishContext, publishWorld, writeFiles } from "../publish/world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const script = (version: string) => `#!/bin/sh\necho ${version}\n`;
const OTHER_KEY = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";

function says(program: string): string {
  return execFileSync(program, { encoding: "utf8" }).trim();
}

const code = (wanted: PkgError["code"]) => (error: unknown) =>
  error instanceof Error && "code" in error && error.code === wanted;

test("updateSelf() replaces the program by a signed newer one, keeps the one before, and rollbackSelf() puts it back", async (t) => {
  const world = await publishWorld(t);
  const reference = `${world.host}/me/pkg`;
  const publish = async (version: string, program = script(version)) => {
    writeFiles(world.directory, { pkg: program });
    await world.publish({ typed: { reference, version, files: ["pkg@linux/amd64"] } });
  };
  await publish("2.0.0");
  const bin = join(tempDirectory(t), "bin");
  const program = join(bin, "pkg");
  writeFiles(bin, { pkg: script("1.0.0") });
  chmodSync(program, 0o750);
  const before = statSync(program).ino;
  const update = (change: Partial<SelfUpdateRequest> = {}) =>
    updateSelf(world.context, {
      ...{ program, version: "1.0.0", from: reference, key: PUBLIC_KEY, force: false, dryRun: false, directory: bin },
      ...change,
    });

  await assert.rejects(update({ key: null }), code("KEY_MISSING"));
  await assert.rejects(update({ from: null }), code("PACKAGE_NOT_FOUND"));
  await assert.rejects(update({ key: OTHER_KEY }), code("SIGNATURE_UNTRUSTED"));
  await assert.rejects(update({ program: null }), code("NOT_INSTALLED"));
  assert.equal((await update({ dryRun: true })).action, "update");
  assert.deepEqual([says(program), readdirSync(bin)], ["1.0.0", ["pkg"]]);

  const { previousPath, ...told } = await update();
  assert.deepEqual(told, {
    ...{ dryRun: false, action: "update", path: program, previousVersion: "1.0.0", version: "2.0.0", reference },
  });
  assert.equal(says(program), "2.0.0");
  assert.equal(says(previousPath ?? ""), "1.0.0");
  assert.equal(statSync(program).mode & 0o777, 0o750);
  // It was never written over: the file that ran is the one that is kept.
  assert.equal(statSync(previousPath ?? "").ino, before);
  assert.equal((await update({ version: "2.0.0" })).action, "keep");
  await assert.rejects(update({ version: "3.0.0" }), code("DOWNGRADE_REFUSED"));
  assert.equal((await update({ version: "3.0.0", force: true })).action, "downgrade");

  writeFiles(bin, { ".pkg.previous": script("1.0.0") });
  const { config } = world.context;
  assert.equal(rollbackSelf(config, { program, version: "2.0.0", dryRun: true }).version, "1.0.0");
  assert.equal(says(program), "2.0.0");
  assert.equal(rollbackSelf(config, { program, version: "2.0.0", dryRun: false }).version, "1.0.0");
  assert.equal(says(program), "1.0.0");
  assert.equal(rollbackSelf(config, { program, version: "1.0.0", dryRun: false }).version, "2.0.0");

  await publish("4.0.0", "#!/bin/sh\nexit 1\n");
  await assert.rejects(update({ version: "2.0.0" }), code("PACKAGE_UNINSTALLABLE"));
  assert.equal(says(program), "2.0.0");
  assert.deepEqual(readdirSync(bin).sort(), [".pkg.previous", "pkg"]);
  await world.publish({
    typed: { reference: `${world.host}/me/x`, name: "x", version: "9.0.0", files: ["pkg@linux/amd64"] },
  });
  await assert.rejects(update({ from: `${world.host}/me/x` }), code("PACKAGE_NOT_FOUND"));
});

test("the config names where pkg is updated from, and by which key", async (t) => {
  const { context } = { context: publishContext(t) };
  const config: Config = { ...context.config, self: { from: "127.0.0.1:1/me/pkg", key: null } };
  const bin = tempDirectory(t);
  writeFiles(bin, { pkg: script("1.0.0") });
  const request = { program: join(bin, "pkg"), version: "1", from: null, key: null, force: false, dryRun: true };
  const update = updateSelf(context.withConfig(config), { ...request, directory: bin });
  await assert.rejects(update, code("KEY_MISSING"));
});

test("expectOwn() refuses a program that is somebody else's", () => {
  for (const path of ["/usr/bin/pkg", "/nix/store/x/bin/pkg", "/opt/homebrew/Cellar/pkg/1/bin/pkg", "/p/pkg/1/pkg"])
    assert.throws(() => expectOwn(path, "update", "/p"), code("PATH_CONFLICT"), path);
  assert.throws(() => expectOwn("/nonexistent/pkg", "update", "/p"), code("NOT_INSTALLED"));
});

test("uninstallSelf() removes what install.sh placed, and with purge all packages, but neither config nor keys", async (t) => {
  const context = publishContext(t);
  const { paths } = context.config;
  const prefix = tempDirectory(t);
  const files = ["share/man/man1/pkg.1", "share/zsh/site-functions/_pkg", "bin/.pkg.previous", "bin/pkg"];
  const place = () => writeFiles(prefix, Object.fromEntries(files.map((path) => [path, "x"])));
  place();
  writeFileSync(paths.configFile, "");
  const opened = openHome(paths.stateDatabase.replace("/state.db", ""));
  await placePackage(opened, sampleProgram("1.0.0"));
  opened.close();
  mkdirSync(paths.bin, { recursive: true });
  writeFileSync(join(paths.bin, "mine"), "");
  const request = { program: join(prefix, "bin/pkg"), purge: false, settings: false, dryRun: true };
  const own = files.map((path) => join(prefix, path));
  const plan = planUninstall(paths, request);
  assert.deepEqual(plan.removed, own);
  assert.ok(plan.left.includes(paths.packages) && plan.left.includes(paths.configFile));
  await uninstallSelf(context, { ...request, dryRun: false }, async () => {});
  assert.deepEqual([own.filter((path) => existsSync(path)), existsSync(join(paths.bin, "x"))], [[], true]);

  place();
  const purged = { ...request, purge: true, dryRun: false };
  const { outcome, errors } = await uninstallSelf(context, purged, () => context.close());
  assert.deepEqual([errors, outcome.left], [[], [paths.configFile]]);
  for (const path of [paths.packages, paths.blobs, paths.stateDatabase, join(paths.bin, "x"), ...own])
    assert.ok(!existsSync(path), path);
  assert.deepEqual(readdirSync(paths.bin), ["mine"]);
});

test("uninstallSelf() with purge waits for whoever changes something, and leaves what was installed meanwhile", async (t) => {
  const context = publishContext(t);
  const { paths } = context.config;
  const home = paths.stateDatabase.replace("/state.db", "");
  openHome(home).close();
  const program = join(tempDirectory(t), "pkg");
  writeFileSync(program, "x");
  const held = Promise.withResolvers<string>();
  const waited = {
    ...context,
    emit: (event: Event) => event.kind === "waiting-for-lock" && held.resolve(event.holder),
  };
  const request = { program, purge: true, settings: false, dryRun: false };
  let left: Promise<unknown> = Promise.resolve();
  await withLock(
    { path: paths.lockDatabase, command: "pkg install x", pid: process.pid, signal: context.signal, onWait: () => {} },
    async () => {
      left = uninstallSelf(waited, request, () => context.close()).catch((error: unknown) => error);
      assert.match(await held.promise, /pkg install x/);
      const opened = openHome(home);
      await placePackage(opened, sampleProgram("1.0.0"));
      opened.close();
    },
  );
  assert.ok(code("STATE_CHANGED")(await left));
  assert.ok(existsSync(program) && existsSync(join(paths.bin, "x")));
  const inProfile = { ...paths, stateDatabase: join(home, "profiles/work/state.db") };
  assert.throws(() => planUninstall(inProfile, request), code("USAGE"));
});

test("pkg self says what to do in a checkout", async (t) => {
  const home = tempHome(t);
  for (const word of ["update", "rollback", "uninstall"]) {
    const { code: exit, stderr } = await runPkg(["self", word], { home });
    assert.equal(exit, 1);
    assert.match(stderr, /it runs from a checkout[\s\S]*hint: Update the checkout with `git pull`/);
  }
  assert.equal((await runPkg(["self", "uninstall", "--settings"], { home })).code, 2);
});
