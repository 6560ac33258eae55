import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Database, openDatabase } from "../../src/state/database.ts";
import { createInstallations } from "../../src/state/installations.ts";
import { createJournal } from "../../src/state/journal.ts";
import { openPicture, pictureStamp } from "../../src/state/picture.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { recordSample, sampleInstallation } from "./sample-installation.ts";

/** A state database that a process has open, so that all it holds may be in its log. */
function openWriter(t: Cleanup): { readonly path: string; readonly writer: Database } {
  const path = join(tempDirectory(t), "state.db");
  const writer = openDatabase(path);
  t.after(() => writer.close());
  return { path, writer };
}

function namesIn(database: Database): readonly string[] {
  const names = createInstallations(database).list();
  return names.map(({ name }) => name);
}

function picture(t: Cleanup, path: string): Database {
  const database = openPicture(path);
  t.after(() => database.close());
  return database;
}

test("openPicture() shows what is committed, and leaves everything as it is", (t) => {
  const { path, writer } = openWriter(t);
  recordSample(createJournal(writer), sampleInstallation("trurl"));
  assert.ok(statSync(`${path}-wal`).size > 0);
  const state = () => readdirSync(join(path, "..")).map((name) => [name, readFileSync(join(path, "..", name), "hex")]);
  const before = state();
  writer.transaction(() => {
    writer.run("DELETE FROM installations");
    assert.deepEqual(namesIn(picture(t, path)), ["trurl"]);
    writer.run("INSERT INTO intents (state, document, cleanup) VALUES ('open', '', '')");
    writer.run("DELETE FROM intents");
  });
  assert.deepEqual(namesIn(picture(t, path)), []);
  assert.deepEqual(
    state().map(([name]) => name),
    before.map(([name]) => name),
  );
});

test("openPicture() shows what SQLite itself would, however far a log was moved into the file", (t) => {
  const { path, writer } = openWriter(t);
  for (let turn = 0; turn < 12; turn += 1) {
    recordSample(createJournal(writer), sampleInstallation(`tool${turn}`));
    if (turn % 4 === 2) writer.run("DELETE FROM installations WHERE name = ?", `tool${turn - 1}`);
    if (turn % 5 === 3) writer.all("PRAGMA wal_checkpoint(PASSIVE)");
    if (turn % 5 === 4) writer.all("PRAGMA wal_checkpoint(TRUNCATE)");
    assert.deepEqual(namesIn(picture(t, path)), namesIn(writer));
  }
  writer.close();
  assert.deepEqual(namesIn(picture(t, path)).length, 9);
});

test("pictureStamp() stays the same until something is changed, in the log or in the file", (t) => {
  const { path, writer } = openWriter(t);
  const before = pictureStamp(path);
  picture(t, path);
  assert.equal(pictureStamp(path), before);
  recordSample(createJournal(writer), sampleInstallation("trurl"));
  const changed = pictureStamp(path);
  assert.notEqual(changed, before);
  writer.close();
  assert.notEqual(pictureStamp(path), changed);
});

test("openPicture() leaves out what a killed process wrote of a transaction", (t) => {
  const { path, writer } = openWriter(t);
  recordSample(createJournal(writer), sampleInstallation("first"));
  const whole = statSync(`${path}-wal`).size;
  recordSample(createJournal(writer), sampleInstallation("second"));
  const copy = join(tempDirectory(t), "state.db");
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  assert.deepEqual(namesIn(picture(t, copy)), ["first", "second"]);
  truncateSync(`${copy}-wal`, whole + 5000);
  assert.deepEqual(namesIn(picture(t, copy)), ["first"]);
});

test("openPicture() shows an empty database where there is none, and makes nothing", (t) => {
  const directory = tempDirectory(t);
  assert.deepEqual(namesIn(picture(t, join(directory, "home/state.db"))), []);
  assert.deepEqual(readdirSync(directory), []);
});

test("openPicture() refuses what is not a file of ours", (t) => {
  const directory = tempDirectory(t);
  const [fifo, other, text] = ["fifo", "directory", "text"].map((name) => join(directory, name));
  execFileSync("mkfifo", [fifo ?? ""]);
  mkdirSync(other ?? "");
  writeFileSync(text ?? "", "not a database at all, but long enough to look at".repeat(100));
  assert.throws(() => openPicture(fifo ?? ""), { code: "PERMISSIONS_UNSAFE", message: /it is a FIFO/ });
  assert.throws(() => openPicture(other ?? ""), { code: "PERMISSIONS_UNSAFE", message: /it is a directory/ });
  assert.throws(() => openPicture(text ?? ""), { code: "DATABASE_INVALID" });
});
