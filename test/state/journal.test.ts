import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createInstallations } from "../../src/state/installations.ts";
import type { Intent } from "../../src/state/intent.ts";
import { createJournal } from "../../src/state/journal.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { digestOf, EMPTY_INTENT, recordSample, sampleInstallation } from "./sample-installation.ts";

function open(t: Cleanup) {
  const path = join(tempDirectory(t), "state.db");
  const database = openDatabase(path);
  t.after(() => database.close());
  return { path, database, journal: createJournal(database), installations: createInstallations(database) };
}

const INSTALL: Intent = {
  ...EMPTY_INTENT,
  installs: [{ installation: sampleInstallation("trurl"), staging: ".pkg-1" }],
  links: [{ path: "trurl", target: "/new", previous: "/old", saved: null }],
  unlinks: [{ path: "gone", previous: "/old/gone" }],
};

const REMOVE: Intent = {
  ...EMPTY_INTENT,
  removals: [{ name: "trurl", directory: "trurl/1", digests: [digestOf("trurl")] }],
  unlinks: [{ path: "trurl", previous: "/old" }],
};

const CLEANUP = { directories: ["trurl/0"], digests: [digestOf("zero")] };
const NO_CLEANUP = { directories: [], digests: [] };

test("Journal.begin() is visible to another process at once, with all that it needs to continue", (t) => {
  const { path, journal } = open(t);
  const ids = [INSTALL, REMOVE].map((intent) => journal.begin(intent));
  const other = openDatabase(path);
  t.after(() => other.close());
  assert.deepEqual(createJournal(other).open(), [
    { id: ids[0], state: "open", intent: INSTALL, cleanup: NO_CLEANUP },
    { id: ids[1], state: "open", intent: REMOVE, cleanup: NO_CLEANUP },
  ]);
});

test("Journal.commit() records the installation and leaves the clean-up to do", (t) => {
  const { journal, installations } = open(t);
  recordSample(journal, sampleInstallation("trurl", { version: "0.9" }));
  const id = journal.begin(INSTALL);
  journal.commit(id, INSTALL, CLEANUP);
  assert.deepEqual(
    installations.list().map(({ version }) => version),
    ["1.0"],
  );
  assert.deepEqual(journal.open(), [{ id, state: "cleanup", intent: INSTALL, cleanup: CLEANUP }]);
  journal.finish(id);
  assert.deepEqual(journal.open(), []);
});

test("Journal.commit() changes nothing when it fails halfway", (t) => {
  const { journal, installations } = open(t);
  recordSample(journal, sampleInstallation("other"));
  const id = journal.begin(INSTALL);
  const clash = sampleInstallation("trurl", {
    links: [{ path: "other", target: "trurl", kind: "link" }],
    directory: sampleInstallation("other").directory,
  });
  assert.throws(
    () => journal.commit(id, { ...EMPTY_INTENT, installs: [{ installation: clash, staging: ".pkg-1" }] }, CLEANUP),
    /UNIQUE/,
  );
  assert.equal(installations.linkOwner("other"), "other");
  assert.deepEqual(
    journal.open().map(({ state }) => state),
    ["open"],
  );
});

test("Journal.commit() forgets the installation with files, links and evidence", (t) => {
  const { database, journal, installations } = open(t);
  recordSample(journal, sampleInstallation("trurl"));
  const id = journal.begin(REMOVE);
  journal.commit(id, REMOVE, CLEANUP);
  assert.equal(installations.get("trurl"), null);
  for (const table of ["files", "links", "evidence"]) assert.deepEqual(database.all(`SELECT * FROM ${table}`), []);
  assert.deepEqual(
    journal.open().map(({ state, cleanup }) => ({ state, cleanup })),
    [{ state: "cleanup", cleanup: CLEANUP }],
  );
});

test("Journal.markUndo() leaves only the way back", (t) => {
  const { journal } = open(t);
  const id = journal.begin(INSTALL);
  journal.markUndo(id);
  assert.deepEqual(
    journal.open().map(({ state }) => state),
    ["undo"],
  );
});

test("Journal.begin() never gives an id twice", (t) => {
  const { journal } = open(t);
  const first = journal.begin(INSTALL);
  journal.finish(first);
  assert.notEqual(journal.begin(INSTALL), first);
});

test("Journal.open() reads what an older program left, which knew of fewer fields", (t) => {
  const { database, journal } = open(t);
  const id = journal.begin(INSTALL);
  database.run(
    `UPDATE intents SET document = json_remove(document, '$.installs[0].installation.provenance',
     '$.installs[0].installation.publisherKey', '$.installs[0].installation.links[0].kind')`,
  );
  assert.deepEqual(journal.open(), [{ id, state: "open", intent: INSTALL, cleanup: NO_CLEANUP }]);
});

test("Journal.open() reads what an older program left, whose intents were about one package each", (t) => {
  const { database, journal } = open(t);
  const ids = [INSTALL, REMOVE].map((intent) => journal.begin(intent));
  const rewrite = (id: number, change: (document: Record<string, unknown>) => unknown) => {
    const [row] = database.all<{ document: string }>("SELECT document FROM intents WHERE id = ?", id);
    const text = JSON.stringify(change(JSON.parse(row?.document ?? assert.fail())));
    database.run("UPDATE intents SET document = ? WHERE id = ?", text, id);
  };
  rewrite(ids[0] ?? assert.fail(), ({ installs, links, unlinks }) => ({
    kind: "install",
    ...(installs as readonly object[])[0],
    links,
    unlinks,
  }));
  rewrite(ids[1] ?? assert.fail(), ({ removals, unlinks }) => ({
    kind: "remove",
    ...(removals as readonly object[])[0],
    unlinks,
  }));
  const [first, second] = journal.open();
  assert.deepEqual(first?.intent, INSTALL);
  assert.deepEqual({ ...second?.intent, draft: REMOVE.draft }, REMOVE);
});
