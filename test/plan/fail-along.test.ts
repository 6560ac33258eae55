import assert from "node:assert/strict";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { failAlong, type Part } from "../../src/plan/fail-along.ts";

const asked = (name: string, ...needs: string[]): Part => ({ name, needs, isDependency: false });
const needed = (name: string, ...needs: string[]): Part => ({ name, needs, isDependency: true });

interface Case {
  readonly parts: readonly Part[];
  readonly failed: readonly string[];
  readonly along: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "what needs it, at any depth": {
    parts: [needed("c"), needed("b", "c"), asked("a", "b"), asked("x")],
    ...{ failed: ["c"], along: ["b", "a"] },
  },
  "what only that needs": {
    parts: [needed("bad"), needed("own"), needed("shared"), asked("a", "bad", "own", "shared"), asked("x", "shared")],
    ...{ failed: ["bad"], along: ["own", "a"] },
  },
  "not what was named itself": {
    parts: [needed("bad"), asked("own"), asked("a", "bad", "own")],
    ...{ failed: ["bad"], along: ["a"] },
  },
  "a cycle as a whole": {
    parts: [needed("p", "q"), needed("q", "p"), asked("a", "p"), asked("b")],
    ...{ failed: ["a"], along: ["p", "q"] },
  },
  "not a dependency that is changed on its own": {
    parts: [needed("free", "more"), needed("more", "free"), needed("own"), asked("a", "own")],
    ...{ failed: ["a"], along: ["own"] },
  },
  "nothing that is not among the parts": { parts: [asked("a", "there")], failed: ["a"], along: [] },
};

for (const [what, { parts, failed, along }] of Object.entries(CASES)) {
  test(`failAlong() takes along ${what}`, () => {
    const failures = new Map(failed.map((name) => [name, new PkgError("DIGEST_MISMATCH", `Cannot fetch ${name}`)]));
    assert.deepEqual([...failAlong(parts, failures).keys()], along);
  });
}

test("failAlong() says what failed, and with which code", () => {
  const failures = new Map([["c", new PkgError("DIGEST_MISMATCH", "Cannot fetch c", { hint: "Wait" })]]);
  const parts = [needed("c"), needed("d"), asked("a", "c", "d")];
  const [d, a] = [...failAlong(parts, failures).values()];
  assert.equal(a?.message, 'Cannot install "a": "c", which it needs, failed. Cannot fetch c');
  assert.equal(d?.message, 'Cannot install "d": only what failed needs it');
  assert.deepEqual([a?.code, a?.hint, d?.code], ["DIGEST_MISMATCH", "Wait", "DIGEST_MISMATCH"]);
});
