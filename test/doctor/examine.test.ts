import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resolvePaths } from "../../src/config/paths.ts";
import { checkExposure, checkUmask } from "../../src/doctor/check-access.ts";
import { checkDrafts } from "../../src/doctor/check-leftovers.ts";
import { checkClock, checkRoom } from "../../src/doctor/check-machine.ts";
import { checkOrphans } from "../../src/doctor/check-packages.ts";
import { checkBlobs, checkUnneeded } from "../../src/doctor/check-store.ts";
import type { Found } from "../../src/doctor/finding.ts";
import type { Machine } from "../../src/doctor/machine.ts";
import type { Patient } from "../../src/doctor/patient.ts";
import { tempDirectory } from "../support/temp-home.ts";

const MACHINE: Machine = { room: () => ({ bytes: 1e12, files: 1e6 }), umask: () => 0o022, user: 1000 };
const PATHS = { stateDatabase: "/home/me/state.db", blobs: "/b", packages: "/p", prefix: "/x" };

/** As much of a patient as the checks here look at. */
function patient(changes: {
  readonly machine?: Partial<Machine>;
  readonly now?: number;
  readonly installed?: readonly object[];
}) {
  const { machine = {}, now = Date.UTC(2026, 5), installed = [] } = changes;
  const config = { paths: PATHS, repositories: [] };
  const records = { installed };
  return { machine: { ...MACHINE, ...machine }, cap: { config, now: () => now }, records } as unknown as Patient;
}

function codesOf(found: readonly Found[]): readonly string[] {
  return found.map(({ code }) => code);
}

test("checkRoom() tells once of a disk that is nearly full, and of files that cannot be made", () => {
  assert.deepEqual(codesOf(checkRoom(patient({}))), []);
  const full = patient({ machine: { room: () => ({ bytes: 1000, files: 3 }) } });
  assert.deepEqual(codesOf(checkRoom(full)), ["disk-low", "files-low"]);
});

test("checkClock() tells of a clock before this program, before an install, and far after it", () => {
  const installed = [{ name: "x", installedAt: "2026-05-01T00:00:00.000Z" }];
  assert.deepEqual(checkClock(patient({ installed })), []);
  for (const now of [0, Date.UTC(2026, 3), Date.UTC(2060, 0)]) {
    assert.deepEqual(codesOf(checkClock(patient({ installed, now }))), ["clock-wrong"]);
  }
});

test("checkExposure() tells of a directory above the home in which others may put another home", (t) => {
  const above = tempDirectory(t);
  const home = join(above, "a/home");
  mkdirSync(home, { recursive: true });
  const paths = resolvePaths({ home, configFile: undefined, env: {} });
  const exposed = () =>
    checkExposure({ cap: { config: { paths } } } as unknown as Patient).map(({ code, subject, mend }) => [
      code,
      subject,
      mend,
    ]);
  assert.deepEqual(exposed(), []);
  chmodSync(above, 0o777);
  assert.deepEqual(exposed(), [["open-to-others", above, null]]);
  chmodSync(above, 0o1777);
  assert.deepEqual(exposed(), []);
});

test("checkUmask() tells of one that lets everybody write", () => {
  assert.deepEqual(checkUmask(patient({})), []);
  assert.deepEqual(checkUmask(patient({ machine: { umask: () => null } })), []);
  assert.deepEqual(codesOf(checkUmask(patient({ machine: { umask: () => 0 } }))), ["umask-open"]);
});

test("checkDrafts() takes no mark of a prefix for a draft, and leaves the prefix of another home alone", (t) => {
  const home = tempDirectory(t);
  const prefixDirectory = join(home, "brew");
  mkdirSync(prefixDirectory);
  symlinkSync("../state.db", join(prefixDirectory, ".pkg-home"));
  const [hash, single] = [".pkg-0123456789abcdef-1-old", ".pkg-draft"].map((name) => join(prefixDirectory, name));
  for (const path of [hash, single]) mkdirSync(path ?? "");
  const draftsFor = (owner: string) => {
    const names = ["packages", "bin", "index", "keys"].map((name) => [name, join(home, name)] as const);
    const [configFile, stateDatabase, lockDatabase] = ["config.toml", owner, "lock.db"].map((name) => join(home, name));
    const paths = { ...Object.fromEntries(names), configFile, stateDatabase, lockDatabase };
    const records = { journal: { open: () => [] }, places: { prefixDirectory } };
    const found = checkDrafts({ cap: { config: { paths }, now: () => 0 }, records } as unknown as Patient);
    return found.map(({ subject }) => subject).toSorted();
  };
  writeFileSync(join(home, "state.db"), "");
  assert.deepEqual(draftsFor("state.db"), [hash, single]);
  assert.deepEqual(draftsFor("copy.db"), []);
});

test("checkBlobs() and checkUnneeded() say nothing of a store that a reader of the system's packages has for other things", async () => {
  const file = { digest: "sha256:00" };
  const records = {
    installed: [{ name: "x", files: [file] }],
    kept: [],
    blobs: { examine: async () => "missing", pathOf: () => "/b" },
  };
  const patientOf = (mayChange: boolean) => ({ cap: { config: { mayChange } }, records }) as unknown as Patient;
  assert.deepEqual(codesOf(await checkBlobs(patientOf(true))), ["blob-missing"]);
  assert.deepEqual(codesOf(await checkBlobs(patientOf(false))), []);
  assert.deepEqual(codesOf(checkUnneeded(patientOf(false))), []);
});

test("checkOrphans() tells of what nothing updates", () => {
  const installed = [
    { name: "x", repository: "gone", requested: "x", owner: { isOrphan: true, url: "https://example.org/i" } },
  ];
  assert.deepEqual(codesOf(checkOrphans(patient({ installed }))), ["package-orphaned"]);
});
