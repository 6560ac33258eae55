import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Installation, InstalledLink } from "../../src/package/installation.ts";
import { type Database, openDatabase } from "../../src/state/database.ts";
import { recordInstallation, type TakenRow } from "../../src/state/installation-rows.ts";
import { createInstallations } from "../../src/state/installations.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { sampleInstallation } from "./sample-installation.ts";

const HALF = "half\ud800a character";
const NAMES = ["a", "@prefix/bin/b", "@data/man/é.1", "a\0b", "100%", `"quoted", 'twice'`, "\u{1f600}", HALF, "*"];

test("Installations.withLinks() answers as the records do that are asked for one link at a time", (t) => {
  const database = open(t);
  for (const item of samples()) database.transaction(() => recordInstallation(database, item));
  database.run("UPDATE installations SET unlinked = ? WHERE name = 'two'", JSON.stringify(["a"]));
  database.run("UPDATE installations SET unlinked = ? WHERE name = 'one'", JSON.stringify(["*"]));
  for (const saved of ["a.pkg-saved", "a.pkg-saved-2"])
    database.insert("saved_files", { path: "a", saved, stamp: saved });
  const one = createInstallations(database);
  const asked = (records: typeof one) =>
    [...NAMES, "none", "@prefix/opt/one"].map((name) => ({
      name,
      owner: records.linkOwner(name),
      link: records.findLink(name),
      digest: records.linkedDigest(name),
      taken: records.takenFrom(name),
      saved: records.savedFor(name),
    }));
  assert.deepEqual(asked(one.withLinks(NAMES)), asked(one));
  const [first] = asked(one);
  assert.deepEqual([first?.owner, first?.taken.map(({ name }) => name)], ["three", []]);
  assert.equal(one.withLinks(NAMES).get("two")?.name, "two");
});

test("Installations.withLinks() reads what is recorded of all links once", (t) => {
  const database = open(t);
  for (const item of samples()) database.transaction(() => recordInstallation(database, item));
  let reads = 0;
  const counted: Database = {
    ...database,
    all: (...query) => {
      reads += 1;
      return database.all(...query);
    },
    get: (...query) => {
      reads += 1;
      return database.get(...query);
    },
  };
  const names = NAMES.filter((name) => name !== HALF);
  const records = createInstallations(counted).withLinks(names);
  for (const name of names) {
    records.findLink(name);
    records.linkOwner(name);
    records.linkedDigest(name);
    records.takenFrom(name);
    records.savedFor(name);
  }
  assert.equal(reads, 3);
});

test("recordInstallation() leaves the rows that statements for each link and file leave", (t) => {
  const [quick, slow] = [open(t), open(t)];
  const again = sampleInstallation("two", { links: linksOf(["b", "a", "a", HALF]), taken: linksOf(["*"]) });
  for (const item of [...samples(), again, sampleInstallation("one", { links: linksOf(["a", "a"]) })]) {
    quick.transaction(() => recordInstallation(quick, item));
    slow.transaction(() => recordOneByOne(slow, item));
    for (const table of ["installations", "files", "links", "taken_links", "evidence"])
      assert.deepEqual(rowsOf(quick, table), rowsOf(slow, table), `${table} after ${item.name}`);
  }
});

function open(t: Cleanup): Database {
  const database = openDatabase(join(tempDirectory(t), "state.db"));
  t.after(() => database.close());
  return database;
}

/** Each takes some links over from those before it, and some of them have been taken from it. */
function samples(): readonly Installation[] {
  return [
    sampleInstallation("one", { links: [...linksOf(NAMES), { path: "@prefix/opt/one", target: ".", kind: "link" }] }),
    sampleInstallation("two", { links: linksOf(NAMES.slice(0, 4)) }),
    sampleInstallation("three", { links: linksOf(["a", HALF]), taken: linksOf(["100%"]) }),
  ];
}

function linksOf(names: readonly string[]): readonly InstalledLink[] {
  return names.map((path) => ({ path, target: path === "a" ? "one" : path, kind: "link" as const }));
}

function rowsOf(database: Database, table: string): readonly unknown[] {
  return database.all(`SELECT * FROM ${table}`);
}

/** As recordInstallation() did it before: each link is taken from whoever has it, be there one or not. */
function recordOneByOne(database: Database, installation: Installation): void {
  const { name, files, links, taken } = installation;
  const known = database.all<TakenRow>("SELECT * FROM taken_links WHERE installation = ?", name);
  const ids = new Map(known.map(({ path, id }) => [path, id]));
  recordInstallation(database, { ...installation, files: [], links: [], taken: [] });
  for (const [position, { path, digest, size, mode, blake3 }] of files.entries())
    database.insert("files", { installation: name, position, path, digest, size_bytes: size, mode, blake3 });
  for (const [position, { path, target, kind }] of links.entries()) {
    database.run(
      `INSERT OR REPLACE INTO taken_links (path, installation, target, kind)
       SELECT path, installation, target, kind FROM links WHERE path = ?`,
      path,
    );
    database.run("DELETE FROM links WHERE path = ?", path);
    database.insert("links", { path, installation: name, position, target, kind });
  }
  for (const { path, target, kind } of taken)
    database.insert("taken_links", { id: ids.get(path) ?? null, path, installation: name, target, kind });
}
