import assert from "node:assert/strict";
import { chmodSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type ProfileHome,
  place,
  prepareDirectory,
  run,
  type SamplePackage,
  script,
  storeMembers,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();
const TREE: SamplePackage = {
  name: "x",
  version: "1",
  files: { "bin/x": script("x 1"), "lib/data": "data", "lib/link": "-> data" },
  links: { x: "bin/x" },
};
const PREPARED = await prepareDirectory(TREE);

function homeWithX(t: Parameters<typeof tempProfile>[0]) {
  const h = tempProfile(t);
  storeMembers(h, TREE);
  const { installation } = place(h, PREPARED.verified, PREPARED.draft, { force: false });
  return { h, installation, root: join(h.packages, installation.directory), link: join(h.bin, "x") };
}

type Damaged = ReturnType<typeof homeWithX>;

const BROKEN: Readonly<Record<string, (damaged: Damaged) => void>> = {
  "its directory is gone": ({ root }) => rmSync(root, { recursive: true }),
  "all packages are gone": ({ h }) => rmSync(h.packages, { recursive: true }),
  "a file is gone": ({ root }) => unlinkSync(join(root, "lib/data")),
  "a file has another mode": ({ root }) => chmodSync(join(root, "bin/x"), 0o600),
  "a file is another one": ({ root }) => {
    unlinkSync(join(root, "lib/data"));
    writeFileSync(join(root, "lib/data"), "other", { mode: 0o644 });
  },
  "a file is a link": ({ root }) => {
    unlinkSync(join(root, "lib/data"));
    symlinkSync("/etc/passwd", join(root, "lib/data"));
  },
  "a link in it is another one": ({ root }) => {
    unlinkSync(join(root, "lib/link"));
    symlinkSync("../x", join(root, "lib/link"));
  },
  "a directory in it is a file": ({ root }) => {
    rmSync(join(root, "lib"), { recursive: true });
    writeFileSync(join(root, "lib"), "");
  },
  "its link is gone": ({ link }) => unlinkSync(link),
  "the bin directory is gone": ({ h }) => rmSync(h.bin, { recursive: true }),
  "its link leads to another version": ({ link }) => {
    unlinkSync(link);
    symlinkSync("../packages/x/0.9/bin/x", link);
  },
};

for (const [name, damage] of Object.entries(BROKEN)) {
  test(`repair() places it again from the store when ${name}`, async (t) => {
    const damaged = homeWithX(t);
    const { h, installation } = damaged;
    assert.deepEqual(h.profile.damage(installation), { broken: [], replaced: [] });
    damage(damaged);
    assert(h.profile.damage(installation).broken.length > 0);
    const result = await h.profile.repair(installation, { force: false, signal });
    assert.equal(result?.kind, "placed");
    const repaired = h.installations.get("x") ?? assert.fail();
    assert.deepEqual({ ...repaired, directory: "" }, { ...installation, directory: "" });
    assert.equal(run(join(h.bin, "x")), "x 1");
    const states = await h.profile.verify(repaired, signal);
    assert(states.every(({ state }) => state === "ok"));
  });
}

test("damage() tells what somebody put in the place of a link, and repair() leaves it alone", async (t) => {
  const { h, installation, link } = homeWithX(t);
  renameSync(link, `${link}-away`);
  writeFileSync(link, script("mine"), { mode: 0o755 });
  assert.deepEqual(h.profile.damage(installation), { broken: [], replaced: [link] });
  const result = await h.profile.repair(installation, { force: false, signal });
  assert(result?.kind === "failed" && result.error.code === "PATH_CONFLICT");
  assert.equal(run(link), "mine");
});

test("repair() changes nothing when the store does not hold all of it", async (t) => {
  const { h, installation, root } = homeWithX(t);
  truncateSync(join(root, "bin/x"));
  assert(isHurt(h));
  assert.equal(await h.profile.repair(installation, { force: false, signal }), null);
  assert(isHurt(h));

  function isHurt({ profile }: ProfileHome): boolean {
    return profile.damage(installation).broken.length === 1;
  }
});
