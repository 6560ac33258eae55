import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Installation } from "../../src/package/installation.ts";
import { openDatabase } from "../../src/state/database.ts";
import { recordInstallation } from "../../src/state/installation-rows.ts";
import { createInstallations } from "../../src/state/installations.ts";
import { createJournal } from "../../src/state/journal.ts";
import { openPicture } from "../../src/state/picture.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { startChild } from "./child-process.ts";
import { EMPTY_INTENT, recordSample, sampleInstallation } from "./sample-installation.ts";

const databasePath = (t: Cleanup) => join(tempDirectory(t), "state.db");

test("openDatabase() sets the pragmas that durability depends on", (t) => {
  const path = databasePath(t);
  const database = openDatabase(path);
  t.after(() => database.close());
  assert.deepEqual(database.get("PRAGMA journal_mode"), { journal_mode: "wal" });
  assert.deepEqual(database.get("PRAGMA synchronous"), { synchronous: 2 });
  assert.deepEqual(database.get("PRAGMA foreign_keys"), { foreign_keys: 1 });
});

test("openDatabase() finds rows that were recorded before", (t) => {
  const path = databasePath(t);
  const first = openDatabase(path);
  recordSample(createJournal(first), sampleInstallation("trurl"));
  first.close();
  for (const open of [openDatabase, openPicture]) {
    const again = open(path);
    assert.equal(createInstallations(again).get("trurl")?.version, "1.0");
    again.close();
  }
});

test("openDatabase() throws DATABASE_INVALID when a newer program made it", (t) => {
  const path = databasePath(t);
  const database = openDatabase(path);
  database.run("PRAGMA user_version = 99");
  database.close();
  for (const open of [openDatabase, openPicture]) {
    assert.throws(() => open(path), {
      code: "DATABASE_INVALID",
      message: /has version 99, expected at most \d+$/,
    });
  }
});

test("openDatabase() throws DATABASE_INVALID when the file is not a database, and leaves it as it is", (t) => {
  const path = databasePath(t);
  writeFileSync(path, "not a database at all, but long enough to look at".repeat(100));
  const before = readFileSync(path);
  assert.throws(() => openDatabase(path), { code: "DATABASE_INVALID" });
  assert.deepEqual(readFileSync(path), before);
});

test("openDatabase() throws PERMISSIONS_UNSAFE when a directory is in its place", (t) => {
  assert.throws(() => openDatabase(tempDirectory(t)), { code: "PERMISSIONS_UNSAFE", message: /it is a directory/ });
});

test("openDatabase() makes its directory, for nobody else to read", (t) => {
  const directory = join(tempDirectory(t), "share/pkg");
  openDatabase(join(directory, "state.db")).close();
  assert.equal(statSync(directory).mode & 0o777, 0o700);
});

test("Database throws DATABASE_INVALID when a page is damaged", (t) => {
  const path = databasePath(t);
  const database = openDatabase(path);
  recordSample(createJournal(database), sampleInstallation("trurl"));
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4096);
  writeFileSync(path, bytes);
  // Which of the two notices depends on where SQLite keeps the list of tables.
  const read = () => {
    const damaged = openDatabase(path);
    t.after(() => damaged.close());
    createInstallations(damaged).list();
  };
  assert.throws(read, { code: "DATABASE_INVALID" });
});

test("Database.transaction() keeps nothing when it throws", (t) => {
  const database = openDatabase(databasePath(t));
  t.after(() => database.close());
  const bug = new Error("in the middle");
  assert.throws(
    () =>
      database.transaction(() => {
        database.run("INSERT INTO intents (state, document, cleanup) VALUES ('open', '', '')");
        throw bug;
      }),
    bug,
  );
  assert.deepEqual(database.all("SELECT * FROM intents"), []);
});

test("openDatabase() makes one database when several processes start at the same time", async (t) => {
  const path = databasePath(t);
  const children = Array.from({ length: 4 }, () => startChild(t, join(import.meta.dirname, "open-child.ts"), [path]));
  for (const child of children) assert.equal(await child.line(), "ready");
  for (const child of children) child.process.stdin.write("go\n");
  const tables = await Promise.all(children.map((child) => child.line()));
  const database = openDatabase(path);
  t.after(() => database.close());
  const row = database.get<{ tables: number }>("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'");
  assert.deepEqual(new Set(tables), new Set([`tables ${row?.tables}`]));
});

test("openDatabase() waits while another process has the file to itself, as in its first moments", async (t) => {
  const path = databasePath(t);
  const other = startChild(t, join(import.meta.dirname, "exclusive-child.ts"), [path]);
  assert.equal(await other.line(), "locked");
  other.process.stdin.write("let go\n");
  openDatabase(path).close();
});

test("openDatabase() takes back a transaction that was cut short", (t) => {
  const path = databasePath(t);
  const first = openDatabase(path);
  recordSample(createJournal(first), sampleInstallation("one"));
  first.transaction(() => recordInstallation(first, sampleInstallation("two")));
  // As after a power cut: the write-ahead log exists, its last commit is torn.
  const directory = tempDirectory(t);
  for (const name of ["state.db", "state.db-wal"]) {
    const bytes = readFileSync(join(path, "..", name));
    writeFileSync(join(directory, name), name.endsWith("wal") ? bytes.subarray(0, bytes.length - 100) : bytes);
  }
  first.close();
  const second = openDatabase(join(directory, "state.db"));
  t.after(() => second.close());
  assert.deepEqual(
    createInstallations(second)
      .list()
      .map(({ name }) => name),
    ["one"],
  );
  assert(readdirSync(directory).includes("state.db"));
});

test("openDatabase() brings a database of before signed facts up to date, with all that it holds", (t) => {
  const path = databasePath(t);
  const before = openDatabase(path);
  recordSample(createJournal(before), sampleInstallation("trurl"));
  for (const table of [
    "repository_owners",
    "leftovers",
    "taken_links",
    "saved_files",
    "formula_marks",
    "made_directories",
    "generation_changes",
    "generations",
    "editions",
    "edition_contents",
  ])
    before.run(`DROP TABLE ${table}`);
  const later = ["package_name", "wish", "is_pinned", "unlinked"];
  for (const column of [...later, "owner", "signed_as", "dependencies", "is_dependency", "keg", "image"])
    before.run(`ALTER TABLE installations DROP COLUMN ${column}`);
  before.run("ALTER TABLE links DROP COLUMN kind");
  before.run("PRAGMA user_version = 3");
  before.close();
  const after = openDatabase(path);
  t.after(() => after.close());
  assert.deepEqual(createInstallations(after).get("trurl"), sampleInstallation("trurl"));
});

/** Five megabytes of paths, as a hostile package may have. */
function largeInstallation(): Installation {
  const sample = sampleInstallation("large");
  const [file] = sample.files;
  assert.ok(file !== undefined);
  const files = Array.from({ length: 5_000 }, (_, index) => ({ ...file, path: `${"d".repeat(990)}/${index}` }));
  return { ...sample, files, links: [] };
}

test("Journal.forget() gives the space of a large package back once no generation needs it", (t) => {
  const path = databasePath(t);
  const database = openDatabase(path);
  const journal = createJournal(database);
  recordSample(journal, sampleInstallation("trurl"));
  recordSample(journal, largeInstallation());
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  assert.ok(statSync(path).size > 5_000_000);
  const removals = [{ name: "large", directory: "large/1", digests: [] }];
  const intent = { ...EMPTY_INTENT, removals };
  const id = journal.begin(intent);
  journal.commit(id, intent, { directories: [], digests: [] });
  journal.finish(id);
  journal.forget("all");
  assert.ok(statSync(path).size < 1_000_000, `${statSync(path).size} bytes`);
  assert.equal(createInstallations(database).get("trurl")?.version, "1.0");
  database.close();
  assert.equal(openAndClose(path), "1.0");
});

function openAndClose(path: string): string | undefined {
  const database = openDatabase(path);
  const version = createInstallations(database).get("trurl")?.version;
  database.close();
  return version;
}

test("Database.shrink() leaves the file as it is while another connection writes", (t) => {
  const path = databasePath(t);
  const database = openDatabase(path);
  const journal = createJournal(database);
  recordSample(journal, largeInstallation());
  for (const table of ["installations", "generations", "editions", "edition_contents"]) {
    database.run(`DELETE FROM ${table}`);
  }
  const other = openDatabase(path);
  t.after(() => {
    other.close();
    database.close();
  });
  other.run("BEGIN IMMEDIATE");
  database.run("PRAGMA busy_timeout = 1");
  assert.doesNotThrow(() => database.shrink());
  other.run("COMMIT");
  database.shrink();
  assert.ok(statSync(path).size < 1_000_000);
});
