import assert from "node:assert/strict";
import { test } from "node:test";
import { withLinksAsBefore } from "../../src/install/linked-keg.ts";
import { refuseProtected } from "../../src/install/name-concerns.ts";
import type { Installation } from "../../src/package/installation.ts";

interface Sample {
  readonly programs: readonly string[];
  readonly links?: readonly string[];
  readonly taken?: readonly string[];
  readonly kegOnly?: string | null;
}

function keg({ programs, links = [], taken = [], kegOnly = "it is older" }: Sample): Installation {
  const linkTo = (name: string) => ({ path: name, target: `bin/${name}`, kind: "link" });
  const files = programs.map((name) => ({ path: `bin/${name}` }));
  const facts = { keg: { kegOnly }, isDependency: false, files, links: links.map(linkTo), taken: taken.map(linkTo) };
  return facts as unknown as Installation;
}

test("withLinksAsBefore() keeps what pkg link gave a keg: the same programs, or all that there are", () => {
  const next = (before: Sample, draft: Sample) =>
    withLinksAsBefore(keg(draft), keg(before)).links.map(({ path }) => path);
  const both = { programs: ["a", "b"] };
  const more = { programs: ["a", "b", "c"] };
  assert.deepEqual(next(both, more), []);
  assert.deepEqual(next({ ...both, links: ["a"] }, more), ["a"]);
  assert.deepEqual(next({ ...both, links: ["a"], taken: ["b"] }, more), ["a", "b", "c"]);
  assert.deepEqual(next({ ...both, links: ["a", "b"] }, { programs: ["b"] }), ["b"]);
  // What had links of its own is keg-only now.
  assert.deepEqual(next({ ...both, links: ["a", "b"], kegOnly: null }, both), []);
  // It was keg-only, and has links of its own now.
  assert.deepEqual(next({ ...both, links: ["a"] }, { ...both, links: ["a", "b"], kegOnly: null }), ["a", "b"]);
});

test("refuseProtected() refuses names that need consent until they are allowed", () => {
  assert.throws(() => refuseProtected("x", ["x", "sudo"], []), { code: "NAME_PROTECTED" });
  assert.doesNotThrow(() => refuseProtected("x", ["x", "sudo"], ["sudo"]));
});
