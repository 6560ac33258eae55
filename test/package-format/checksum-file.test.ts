import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumText } from "../../src/package-format/checksum-file.ts";
import { parseChecksum } from "../../src/verify/checksum.ts";
import { programFile } from "./sample-publication.ts";

test("checksumText() is what second-generation packages have, and what we read", () => {
  const files = [programFile(), programFile({ title: "LICENSE" })];
  const text = checksumText(files);
  const lines = text.trimEnd().split("\n");
  assert.equal(lines.length, 4);
  for (const line of lines) assert.match(line, /^(?:BLAKE3|SHA256): [0-9a-f]{64} {2}(?:trurl|LICENSE)$/);
  assert.deepEqual(lines, lines.toSorted());
  assert.equal(text, checksumText(files.toReversed()));
  const read = parseChecksum(Buffer.from(text));
  for (const { title, sha256, blake3 } of files) assert.deepEqual(read.lookup(title), { sha256, blake3 });
});
