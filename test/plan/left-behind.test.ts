import assert from "node:assert/strict";
import { test } from "node:test";
import type { Needing } from "../../src/package/installation.ts";
import { aftermathOf, needless } from "../../src/plan/left-behind.ts";

const asked = (name: string, ...dependencies: string[]): Needing => ({ name, dependencies, isDependency: false });
const needed = (name: string, ...dependencies: string[]): Needing => ({ name, dependencies, isDependency: true });

const BEFORE = [asked("a", "p", "s"), asked("b", "s"), needed("p", "q"), needed("q", "p"), needed("s"), needed("kept")];

function without(...names: string[]): readonly Needing[] {
  return BEFORE.filter(({ name }) => !names.includes(name));
}

test("aftermathOf() leaves behind what only the removed needed, cycles too, and not what nothing needed before", () => {
  assert.deepEqual(aftermathOf(BEFORE, without("a")).leftBehind, ["p", "q"]);
  assert.deepEqual(aftermathOf(BEFORE, without("b")).leftBehind, []);
  assert.deepEqual(aftermathOf(BEFORE, without("a", "b")).leftBehind, ["p", "q", "s"]);
});

test("aftermathOf() says what is still needed of what was removed", () => {
  assert.equal(aftermathOf(BEFORE, without("s")).needed.has("s"), true);
  assert.equal(aftermathOf(BEFORE, without("a")).needed.has("a"), false);
  const stays = [...BEFORE, needed("kept2", "kept")];
  assert.equal(
    aftermathOf(
      stays,
      stays.filter(({ name }) => name !== "kept"),
    ).needed.has("kept"),
    true,
  );
});

test("aftermathOf() leaves behind what a newer version does not need any more", () => {
  const after = [...without("a"), asked("a", "s", "new"), needed("new")];
  const { leftBehind, needed: stillNeeded } = aftermathOf(BEFORE, after);
  assert.deepEqual(leftBehind, ["p", "q"]);
  assert.equal(stillNeeded.has("new"), true);
});

test("needless() lists what nothing holds, whatever needed it before", () => {
  assert.deepEqual(needless(BEFORE), ["kept"]);
  assert.deepEqual(needless([needed("p", "q"), needed("q", "p")]), ["p", "q"]);
});
