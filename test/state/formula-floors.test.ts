import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createFormulaFloors } from "../../src/state/formula-floors.ts";
import { tempDirectory } from "../support/temp-home.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

function open(t: TestContext) {
  const path = join(tempDirectory(t), "state.db");
  const database = openDatabase(path);
  t.after(() => database.close());
  return createFormulaFloors(database);
}

const accepted = (mark: string, now = NOW) => ({ address: "https://a/x", mark, formulae: 10, now, task: 'sync "x"' });

test("FormulaFloors remembers what was accepted, since when, and what that replaced", (t) => {
  const floors = open(t);
  assert.equal(floors.get("https://a/x"), null);
  floors.advance(accepted("one"), null);
  floors.advance(accepted("one", NOW + 1), floors.get("https://a/x"));
  assert.equal(floors.get("https://a/x")?.sinceMs, NOW, "the same again");
  floors.advance(accepted("two"), floors.get("https://a/x"));
  floors.advance(accepted("three"), floors.get("https://a/x"));
  const floor = floors.get("https://a/x");
  assert.deepEqual([floor?.mark, [...(floor?.replaced ?? [])].sort()], ["three", ["one", "two"]]);
  assert.equal(floors.get("https://b/x"), null);
});

test("FormulaFloors.advance() refuses what was judged before another process accepted something", (t) => {
  const floors = open(t);
  floors.advance(accepted("one"), null);
  const basis = floors.get("https://a/x");
  floors.advance(accepted("newer"), basis);
  assert.throws(() => floors.advance(accepted("late"), basis), { code: "STATE_CHANGED" });
  floors.advance(accepted("newer"), basis);
  assert.equal(floors.get("https://a/x")?.mark, "newer");
});
