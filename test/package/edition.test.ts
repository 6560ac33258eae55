import assert from "node:assert/strict";
import { test } from "node:test";
import { compareEditions, type Edition } from "../../src/package/edition.ts";
import { nameBeside, nameInRepository } from "../../src/package/install-name.ts";

const edition = (version: string, versionScheme?: number): Edition => ({
  version,
  keg: versionScheme === undefined ? null : { versionScheme },
});

test("compareEditions() puts a higher scheme after any version of a lower one", () => {
  const pairs = [
    [edition("2024.1", 0), edition("1.0", 1)],
    [edition("1.0", 1), edition("1.1", 1)],
    [edition("9.0"), edition("1.0", 1)],
    [edition("1.7.1", 0), edition("1.7.1_2", 0)],
  ] as const;
  for (const [older, newer] of pairs) {
    assert.ok(compareEditions(older, newer) < 0, `${older.version} is older than ${newer.version}`);
    assert.ok(compareEditions(newer, older) > 0);
  }
  assert.equal(compareEditions(edition("1.0", 2), edition("v1.0", 2)), 0);
});

test("nameInRepository() takes away what nameBeside() adds, and nothing else", () => {
  const curl = { name: "curl", repository: "brew" };
  assert.equal(nameBeside(curl), "curl:brew");
  assert.equal(nameInRepository({ ...curl, name: "curl:brew" }), "curl");
  assert.equal(nameInRepository({ ...curl, name: "curl:other" }), "curl:other");
  assert.equal(nameInRepository({ name: "curl:null", repository: null }), "curl:null");
});
