import assert from "node:assert/strict";
import { test } from "node:test";
import { aliasLinks, ownLinks } from "../../src/package/alias-links.ts";

const LINKS = ["app", "helper"].map((link) => ({ title: link, link }));
const CALLED = { packageName: "app", repository: "tools", keg: null };

const CASES: readonly (readonly [string, string, string])[] = [
  ["app", "app helper", ""],
  ["app:tools", "app helper", ""],
  ["app8", "app8 helper8", ""],
  ["old", "old helper", "helper"],
];

for (const [name, links, unlinked] of CASES) {
  test(`aliasLinks() of "app" as "${name}" has ${links}, and leaves out "${unlinked}"`, () => {
    const found = aliasLinks({ ...CALLED, name }, LINKS);
    assert.equal(found.links.map(({ link }) => link).join(" "), links);
    assert.equal(found.unlinked.join(" "), unlinked);
    const recorded = found.links.map(({ link, title }) => ({ path: link, target: title, kind: "link" as const }));
    assert.deepEqual(ownLinks({ ...CALLED, name, links: recorded, taken: [] }), LINKS);
  });
}
