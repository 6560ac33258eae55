import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Database, openDatabase } from "../../src/state/database.ts";
import { createInstallations } from "../../src/state/installations.ts";
import { createJournal } from "../../src/state/journal.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { digestOf, recordSample, sampleInstallation } from "./sample-installation.ts";

function open(t: Cleanup): Database {
  const database = openDatabase(join(tempDirectory(t), "state.db"));
  t.after(() => database.close());
  return database;
}

test("Installations.get() gives back what was recorded, evidence included", (t) => {
  const database = open(t);
  const files = ["second", "first"].map((path) => ({ ...file, path, digest: digestOf(path) }));
  const links = files.map(({ path }) => ({ path, target: path, kind: "link" as const }));
  const full = sampleInstallation("trurl", { files, links });
  const bare = sampleInstallation("bare", {
    repository: null,
    manifestDigest: null,
    signedBy: null,
    expected: { sha256: null, blake3: null, sizeBytes: null },
    evidence: { manifest: null, checksum: null, checksumSignature: null, entry: null, signatures: {} },
  });
  for (const installation of [full, bare]) recordSample(createJournal(database), installation);
  const installations = createInstallations(database);
  assert.deepEqual(installations.get("trurl"), full);
  assert.deepEqual(installations.get("bare"), bare);
  assert.equal(installations.get("none"), null);
});

const [file = assert.fail()] = sampleInstallation("file").files;

test("Installations.list() is by name and without evidence", (t) => {
  const database = open(t);
  for (const name of ["b", "a"]) recordSample(createJournal(database), sampleInstallation(name));
  const evidence = { manifest: null, checksum: null, checksumSignature: null, entry: null, signatures: {} };
  assert.deepEqual(
    createInstallations(database).list(),
    ["a", "b"].map((name) => sampleInstallation(name, { evidence })),
  );
});

test("Installations.linkOwner() follows a link that was taken over", (t) => {
  const database = open(t);
  const journal = createJournal(database);
  const installations = createInstallations(database);
  recordSample(journal, sampleInstallation("one"));
  recordSample(journal, sampleInstallation("two", { links: [{ path: "one", target: "two", kind: "link" }] }));
  assert.equal(installations.linkOwner("one"), "two");
  assert.deepEqual(installations.findLink("one"), {
    owner: "two",
    target: `${sampleInstallation("two").directory}/two`,
  });
  assert.deepEqual(installations.get("one")?.links, []);
  assert.equal(installations.linkOwner("none"), null);
});

test("Installations.referencedDigests() holds each file's digest once", (t) => {
  const database = open(t);
  const shared = [{ ...file, digest: digestOf("shared") }];
  for (const name of ["a", "b"]) recordSample(createJournal(database), sampleInstallation(name, { files: shared }));
  recordSample(createJournal(database), sampleInstallation("c"));
  const expected = new Set([digestOf("shared"), digestOf("c 1.0")]);
  assert.deepEqual(createInstallations(database).referencedDigests(), expected);
});
