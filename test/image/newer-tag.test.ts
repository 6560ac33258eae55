import assert from "node:assert/strict";
import { test } from "node:test";
import { newestTag } from "../../src/resolve/newer-tags.ts";

const TAGS = [
  "latest",
  "1",
  "1.2",
  "1.2.0",
  "1.2.1",
  "1.10.0",
  "1.10",
  "20261128",
  "2.0.0-rc1",
  "1.11.0-alpine",
  "1.2.0-alpine",
  "main",
  "sha256-0.sig",
];

test("newestTag() finds the newest release of the same variant that a tag does not lead to", () => {
  const cases: readonly (readonly [tag: string, tags: readonly string[], newest: string | null])[] = [
    ["1.2.0", TAGS, "1.10.0"],
    ["1.10.0", TAGS, null],
    ["1.2", TAGS, "1.10"],
    ["1", TAGS, null],
    ["1.2.0-alpine", TAGS, "1.11.0-alpine"],
    ["2.0.0-rc1", ["2.0.0", "2.0.0-rc2", "1.9"], "2.0.0"],
    ["1.9.0-rc1", ["1.8.0", "1.9.0", "1.10.0"], "1.10.0"],
    ["v1.2.0", ["v1.2.0", "v1.3.0"], "v1.3.0"],
    ["1.2.0", [], null],
  ];
  for (const [tag, tags, newest] of cases) assert.equal(newestTag(tag, tags), newest, tag);
});
