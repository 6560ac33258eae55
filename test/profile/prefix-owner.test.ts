import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { placeKegs, removeKegs, type SampleKeg } from "./keg-home.ts";
import { type HomeOptions, openHome, type ProfileHome, run, script, tempProfile } from "./profile-home.ts";

const { signal } = new AbortController();

const JQ: SampleKeg = {
  name: "jq",
  version: "1",
  files: { "bin/jq": script("jq"), "etc/jq.conf": "default" },
  links: ["bin/jq"],
  copies: ["etc/jq.conf"],
  programs: ["jq"],
};
const YQ: SampleKeg = { ...JQ, name: "yq", files: { "bin/jq": script("yq") }, links: [], copies: [], programs: [] };

/** A home with a keg in it, closed again. */
async function homeWith(test: { after(work: () => void): void }, options: HomeOptions = {}): Promise<string> {
  const home = join(tempDirectory(test), "home");
  mkdirSync(join(home, "bin"), { recursive: true });
  const opened = openHome(home, options);
  await placeKegs(opened, JQ);
  opened.close();
  return home;
}

/** A home that is there already. */
function reopened(test: { after(work: () => void): void }, home: string, options: HomeOptions = {}): ProfileHome {
  const opened = openHome(home, options);
  test.after(() => opened.close());
  return opened;
}

async function problems(home: ProfileHome): Promise<readonly unknown[]> {
  const installation = home.installations.get("jq") ?? assert.fail();
  const paths = await home.profile.verify(installation, signal);
  return paths.filter(({ state }) => state !== "ok");
}

test("the kegs of a home that was moved are where it is now, are told, and are removed there", async (t) => {
  const home = await homeWith(t);
  const next = `${home}-next`;
  renameSync(home, next);
  const h = reopened(t, next);
  const moved = { path: h.prefix, state: "changed", expected: join(home, "brew"), found: h.prefix };
  assert.deepEqual(await problems(h), [moved]);
  assert.deepEqual(h.profile.damage(h.installations.get("jq") ?? assert.fail()).broken, [h.prefix]);
  await assert.rejects(placeKegs(h, YQ), { code: "CONFIG_INVALID", message: /was moved, and those in it were poured/ });
  const [removed] = removeKegs(h, "jq");
  assert.deepEqual(removed?.kind === "removed" ? removed.left : null, []);
  assert.deepEqual([existsSync(h.prefix), readdirSync(h.bin), existsSync(home)], [false, [], false]);
  await placeKegs(h, JQ);
  assert.equal(run(join(h.bin, "jq")), "jq");
});

test("a copy of a home leaves the kegs of the first one alone", async (t) => {
  const home = await homeWith(t);
  cpSync(home, `${home}-copy`, { recursive: true, verbatimSymlinks: true });
  const h = reopened(t, `${home}-copy`);
  removeKegs(h, "jq");
  assert.deepEqual([existsSync(h.prefix), readdirSync(h.bin)], [false, []]);
  assert.deepEqual(await problems(reopened(t, home)), []);
});

test("a prefix is that of one home: another one, or a copy of it, changes nothing in it", async (t) => {
  const prefix = join(tempDirectory(t), "brew");
  const home = await homeWith(t, { prefix });
  const other = tempProfile(t, { prefix });
  assert.deepEqual(other.profile.strays(), []);
  assert.deepEqual(other.profile.purge("jq"), []);
  cpSync(home, `${home}-copy`, { recursive: true, verbatimSymlinks: true });
  const copied = reopened(t, `${home}-copy`, { prefix });
  const refusal = { code: "PATH_CONFLICT", message: /it is of the home in/ };
  await assert.rejects(placeKegs(other, YQ), refusal);
  await assert.rejects(placeKegs(copied, YQ), refusal);
  assert.throws(() => removeKegs(copied, "jq"), refusal);
  copied.close();
  rmSync(`${home}-copy`, { recursive: true });
  const h = reopened(t, home, { prefix });
  assert.deepEqual(await problems(h), []);
  removeKegs(h, "jq");
  assert.equal(existsSync(prefix), false);
  // It is free again.
  await placeKegs(other, YQ);
});

test("a home that this user may not look at has its prefix", {
  skip: process.geteuid?.() !== 0 && "only root may change users",
}, async (t) => {
  const prefix = join(tempDirectory(t), "brew");
  const home = await homeWith(t, { prefix });
  chmodSync(home, 0o700);
  const look = `import { otherOwner } from "${import.meta.dirname}/../../src/profile/prefix-owner.ts";
    console.log(otherOwner(${JSON.stringify(prefix)}, "/nowhere/state.db"));`;
  chmodSync(dirname(prefix), 0o755);
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", look], {
    uid: 65534,
    gid: 65534,
    encoding: "utf8",
  });
  assert.equal(stdout.trim(), join(home, "state.db"));
});

test("a prefix is taken over from a home that is gone", async (t) => {
  const prefix = join(tempDirectory(t), "brew");
  const home = await homeWith(t, { prefix });
  rmSync(home, { recursive: true });
  const h = tempProfile(t, { prefix });
  await placeKegs(h, JQ);
  assert.match(readlinkSync(join(prefix, ".pkg-home")), /state\.db$/);
  removeKegs(h, "jq");
  assert.equal(existsSync(prefix), false);
});

test("a home that is reached through a link is the same one", async (t) => {
  const home = await homeWith(t);
  symlinkSync(home, `${home}-link`);
  const h = reopened(t, `${home}-link`);
  assert.deepEqual(await problems(h), []);
  await placeKegs(h, YQ);
  removeKegs(h, "jq", "yq");
  assert.equal(existsSync(h.prefix), false);
});

test("bottles are not poured where the links or the packages of this home are", async (t) => {
  for (const place of ["", "bin", "packages/x"]) {
    const home = tempDirectory(t);
    const h = tempProfile(t, { home, prefix: join(home, place) });
    await assert.rejects(placeKegs(h, JQ), { code: "CONFIG_INVALID", message: /is not apart from it/ }, place);
  }
});

test("the directories of kegs are open to readers, whatever the umask", async (t) => {
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  for (const path of ["", "Cellar", "Cellar/jq", "Cellar/jq/1", "etc"]) {
    assert.equal(lstatSync(join(h.prefix, path)).mode & 0o777, 0o755, path);
  }
});

test("nothing is made of the prefix before its change is in the journal", async (t) => {
  const h = tempProfile(t);
  const begin = () => {
    throw new PkgError("DISK_FULL", "the disk is full");
  };
  Object.assign(h.journal, { begin });
  await assert.rejects(placeKegs(h, JQ), { code: "DISK_FULL" });
  assert.equal(existsSync(h.prefix), false);
});

test("what was begun is undone though somebody has removed the bin directory", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  const installation = h.installations.get("jq") ?? assert.fail();
  const link = { path: "jq", target: "../x", previous: null, saved: null };
  const nothing = { installs: [], removals: [], renewals: [installation], links: [link], unlinks: [] };
  h.journal.markUndo(h.journal.begin({ ...nothing, draft: ".pkg-x" }));
  rmSync(h.bin, { recursive: true });
  assert.deepEqual(await h.profile.recover(signal), [{ name: "jq", outcome: "undone" }]);
});
