import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { READING_CODE } from "../../src/index/reading.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Whatever decides what an element of a document means, and whether it can be used. */
const DECIDING = [
  ...["common", "g1", "g2", "g3", "package"].map((name) => `metadata-schema/v1/${name}.schema.json`),
  ...["common-fields", "formats", "g1", "g2", "g3", "registry-entry", "v1"].map(
    (name) => `src/index/formats/${name}.ts`,
  ),
  ...["fields", "oci-artifact", "read-element"].map((name) => `src/index/${name}.ts`),
  ...["place-key", "provides", "version"].map((name) => `src/package/${name}.ts`),
  // By which words an entry is found, and in which order.
  ...["entry-collector", "rank-entries", "search-text"].map((name) => `src/index-database/${name}.ts`),
];

it("READING_CODE stands for the code that reads an index", () => {
  const hash = createHash("sha256");
  for (const path of DECIDING) hash.update(readFileSync(join(ROOT, path)));
  const expected = hash.digest("hex").slice(0, 16);
  assert.equal(
    READING_CODE,
    expected,
    `set READING_CODE in src/index/reading.ts to "${expected}": an index that was read by other code must not be taken over`,
  );
});
