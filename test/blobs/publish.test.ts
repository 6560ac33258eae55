import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { createBlobStore } from "../../src/blobs/blob-store.ts";
import { durabilityOf } from "../support/durability-log.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { digestOf, sampleBytes, sourceOf } from "./blob-sources.ts";

const BYTES = sampleBytes(1000);
const { signal } = new AbortController();

/** A new store, of which the entries of one directory cannot be made durable. */
function storeWith(t: TestContext, broken: (root: string) => string | null) {
  const root = join(tempDirectory(t), "blobs");
  const isBroken = broken(root);
  const options = { root, retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 }, random: () => 0 };
  const syncDirectory = (directory: string) =>
    directory === isBroken ? Promise.reject(new Error("the disk is broken")) : Promise.resolve();
  return { root, store: createBlobStore(isBroken === null ? options : { ...options, syncDirectory }) };
}

const request = () => ({
  ...{ digest: digestOf(BYTES), size: BYTES.byteLength, maxBytes: 10_000, hashes: [], signal },
  source: sourceOf({ bytes: BYTES }),
});

test("a blob is in the store only once its name, and each directory above it that was made, is durable", async (t) => {
  const above: readonly (readonly [string, (root: string) => string])[] = [
    ["the directory that the store is in", dirname],
    ["the store", (root) => root],
    ["the directory of the blob", (root) => join(root, "sha256")],
  ];
  for (const [what, broken] of above) {
    await assert.rejects(storeWith(t, broken).store.ingest(request()), /the disk is broken/, what);
    const intake = storeWith(t, broken).store.intake(signal);
    await intake.add([BYTES], 0o644);
    await assert.rejects(intake.finish(), /the disk is broken/, `intake: ${what}`);
  }
});

test("ingest() makes the bytes of a blob durable before they have its name", async (t) => {
  const { root, store } = storeWith(t, () => null);
  const { at } = await durabilityOf(root, () => store.ingest(request()));
  const named = at(/^rename \/sha256\/[0-9a-f]{64}$/, at(/^sync \/partial\/\S+$/));
  at(/^sync \/sha256$/, named);
});
