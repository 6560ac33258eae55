import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { DEFAULT_RETRY_POLICY } from "../../src/base/retry.ts";
import { createBlobStore } from "../../src/blobs/blob-store.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { deliver } from "../../src/oci-tools/pull-layer.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("deliver() tells the total of a blob that is named by its digest alone, as the place says it", async (t) => {
  const bytes = Buffer.from("a blob");
  const digest = digestOf(bytes);
  const source = memoryRepository();
  const signal = new AbortController().signal;
  const open = async () => Readable.from([bytes]);
  await source.pushBlob({ digest, size: bytes.length, open, mountFrom: null }, signal);
  const blobs = createBlobStore({ root: tempDirectory(t), retry: DEFAULT_RETRY_POLICY, random: () => 0 });
  const events: Event[] = [];
  const tools = { source, blobs, signal, emit: (event: Event) => events.push(event) };
  await deliver(tools, { title: "it", layer: { digest, size: null } }, async () => {});
  const [told] = events;
  assert.deepEqual(told, { kind: "task-progress", id: "it", bytes: 6, totalBytes: 6, resumedBytes: 0 });
});
