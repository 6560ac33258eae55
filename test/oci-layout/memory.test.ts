import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { calm, collect, describe, digestOf, image, pushImage } from "../oci/sample-graph.ts";

const BYTES = Buffer.from("0123456789");
const ADDRESS = { digest: digestOf(BYTES), size: BYTES.length };
const START = { offset: 0, validator: null };

test("memoryRepository() copies the chunks of a source that uses one buffer for all", async () => {
  const memory = memoryRepository();
  const open = async function* () {
    const buffer = Buffer.alloc(4);
    for (const piece of ["0123", "4567", "89"]) yield buffer.subarray(0, buffer.write(piece));
  };
  await memory.pushBlob({ ...ADDRESS, open: async () => open(), mountFrom: null }, calm);
  assert.deepEqual(await collect((await memory.openBlob(ADDRESS, START, calm)).body), BYTES);
});

test("memoryRepository() keeps a blob unchanged when the buffers handed in and out change", async () => {
  const memory = memoryRepository();
  const given = Buffer.from(BYTES);
  const open = async function* () {
    yield given;
  };
  await memory.pushBlob({ ...ADDRESS, open: async () => open(), mountFrom: null }, calm);
  given.fill(0);
  for await (const chunk of (await memory.openBlob(ADDRESS, START, calm)).body) chunk.fill(0);
  assert.deepEqual(await collect((await memory.openBlob(ADDRESS, START, calm)).body), BYTES);
});

test("memoryRepository() keeps a manifest unchanged when the buffers handed in and out change", async () => {
  const memory = memoryRepository();
  const sample = image();
  const { bytes } = sample;
  await pushImage(memory, sample, null);
  const given = Buffer.from(bytes);
  const pushed = memory.pushManifest({ ...sample, bytes: given, tag: "1" }, calm);
  given.fill(0);
  await pushed;
  (await memory.fetchDocument("1", calm)).bytes.fill(0);
  const document = await memory.fetchManifest("1", calm);
  assert.ok(document.kind === "manifest");
  document.manifest.bytes.fill(0);
  assert.deepEqual((await memory.fetchDocument("1", calm)).bytes, bytes);
});

test("memoryRepository() hands out descriptors that nobody can change", async () => {
  const memory = memoryRepository();
  const subject = image({ config: Buffer.from("subject") });
  const referrer = image({ fields: { subject: describe(subject.bytes, subject.mediaType), annotations: { a: "b" } } });
  for (const sample of [subject, referrer]) await pushImage(memory, sample, "1");
  const descriptor = await memory.resolve("1", calm);
  const [listed] = await memory.listReferrers(subject.digest, { artifactType: null }, calm);
  for (const found of [descriptor, listed]) {
    assert.ok(found !== undefined);
    assert.throws(() => Object.assign(found, { size: 0 }), TypeError);
    assert.throws(() => Object.assign(found.annotations, { a: "other" }), TypeError);
  }
  assert.deepEqual(await memory.resolve("1", calm), descriptor);
});
