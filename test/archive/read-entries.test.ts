import assert from "node:assert/strict";
import { test } from "node:test";
import { EXTRACT_LIMITS } from "../../src/archive/extract-limits.ts";
import { readEntries } from "../../src/archive/read-entries.ts";

const REFUSED: Readonly<Record<string, Buffer>> = {
  "a zip that is in no file": Buffer.from("PK\x03\x04 and more"),
  "a tar that is damaged": Buffer.alloc(1024, "x"),
  "a gzip that is damaged": Buffer.from("1f8b0800ffff", "hex"),
};

for (const [what, bytes] of Object.entries(REFUSED)) {
  test(`readEntries() ends its source, a file that would stay open, when it refuses ${what}`, async () => {
    let isOpen = true;
    async function* source() {
      try {
        yield bytes;
        yield bytes;
      } finally {
        isOpen = false;
      }
    }
    const request = { source: source(), limits: EXTRACT_LIMITS, sha256: null };
    await assert.rejects(async () => Array.fromAsync((await readEntries(request)).entries), {
      code: "ARCHIVE_INVALID",
    });
    assert.equal(isOpen, false);
  });
}
