import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { digestOf } from "../../src/oci/digest.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { rehearsedPlace } from "../../src/oci-tools/rehearsed-place.ts";
import { tempDirectory } from "../support/temp-home.ts";

const { signal } = new AbortController();

function blobOf(text: string) {
  const bytes = Buffer.from(text);
  const open = async () => assert.fail("nothing is read of what is not written");
  return { digest: digestOf(bytes), size: bytes.length, open, mountFrom: null };
}

test("rehearsedPlace() finds what would be written, and writes nothing", async (t) => {
  const directory = join(tempDirectory(t), "layout");
  const place = rehearsedPlace(openLayout(directory));
  const blob = blobOf("content");
  assert.deepEqual(await place.pushBlob(blob, signal), { how: "sent", bytesSent: 7 });
  assert.deepEqual(await place.pushBlob(blob, signal), { how: "existed", bytesSent: 0 });
  const bytes = Buffer.from("{}");
  const digest = digestOf(bytes);
  await place.pushManifest({ bytes, mediaType: "a/b", digest, tag: "v1" }, signal);
  assert.equal((await place.resolve("v1", signal)).digest, digest);
  assert.deepEqual([await place.hasManifest(digest, signal), await place.hasBlob(blob, signal)], [true, true]);
  assert.equal(existsSync(directory), false);
});

test("rehearsedPlace() refuses to delete what is not there", async (t) => {
  const place = rehearsedPlace(openLayout(join(tempDirectory(t), "layout")));
  const absent = { code: "HTTP_NOT_FOUND" };
  await assert.rejects(place.deleteManifest("v1", signal), absent);
  await assert.rejects(place.deleteBlob(blobOf("content").digest, signal), absent);
});
