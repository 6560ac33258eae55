import assert from "node:assert/strict";
import { test } from "node:test";
import type { BlobUpload } from "../../src/oci/content.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { EMPTY_PREPARED } from "../../src/oci-tools/artifact-content.ts";
import { preparedBytes } from "../../src/oci-tools/artifact-layers.ts";
import { pushBlobs } from "../../src/oci-tools/push-content.ts";

const { signal } = new AbortController();
const OPTIONS = { concurrency: 4, emit: () => {}, signal };

function layer(text: string) {
  return preparedBytes(text, Buffer.from(text), { mediaType: "text/plain", annotations: {} });
}

/** A place that lists the digests pushed, as each push begins and as it ends. */
function recorded() {
  const place = memoryRepository();
  const events: string[] = [];
  const pushBlob = async (blob: BlobUpload) => {
    events.push(`begin ${blob.digest}`);
    const written = await place.pushBlob(blob, signal);
    events.push(`end ${blob.digest}`);
    return written;
  };
  return { place: { ...place, pushBlob }, events };
}

test("pushBlobs() pushes the config whole before any layer", async () => {
  const { place, events } = recorded();
  const layers = ["a", "b", "c"].map(layer);
  await pushBlobs({ place, config: EMPTY_PREPARED, layers, mountFrom: null }, OPTIONS);
  const { digest } = EMPTY_PREPARED.descriptor;
  assert.deepEqual(events.slice(0, 2), [`begin ${digest}`, `end ${digest}`]);
  assert.equal(events.length, 8);
});

test("pushBlobs() pushes each blob once, and says how each got there", async () => {
  const { place, events } = recorded();
  const [a, b] = [layer("a"), layer("b")];
  await place.pushBlob({ ...b.descriptor, open: b.open, mountFrom: null });
  events.length = 0;
  const layers = [a, layer("a"), b, EMPTY_PREPARED];
  const written = await pushBlobs({ place, config: EMPTY_PREPARED, layers, mountFrom: null }, OPTIONS);
  assert.equal(events.filter((event) => event.startsWith("begin ")).length, 3);
  const how = [EMPTY_PREPARED, a, b].map(({ descriptor }) => written.get(descriptor.digest)?.how);
  assert.deepEqual(how, ["sent", "sent", "existed"]);
});
