import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { hasCode, PkgError } from "../../src/errors.ts";
import { buildManifest, EMPTY_DESCRIPTOR } from "../../src/oci/artifact.ts";
import type { Target } from "../../src/oci/content.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { completeFiles, type DigestedFiles, digestFiles, LARGE_BYTES } from "../../src/publish/prepare-files.ts";
import { sendAhead } from "../../src/publish/send-ahead.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const SIGNAL = new AbortController().signal;
const OPTIONS = { concurrency: 2, emit: () => {}, signal: SIGNAL };

interface World {
  readonly directory: string;
  readonly files: DigestedFiles;
  /** A place that tells what is pushed to it. */
  readonly place: Target;
  readonly pushed: string[];
  /** Is over once the large file is being sent, of which the last bytes wait for `go`. */
  readonly begun: Promise<void>;
  readonly go: () => void;
}

async function makeWorld(t: Cleanup): Promise<World> {
  const directory = tempDirectory(t);
  const documents = ["large", "small"].map((name) => join(directory, name));
  for (const path of documents) writeFileSync(path, path);
  truncateSync(join(directory, "large"), LARGE_BYTES);
  const titles = new Map(documents.map((path) => [path, path.slice(directory.length + 1)]));
  const files = await digestFiles({ programs: [], documents, titles }, directory, OPTIONS);
  const memory = memoryRepository();
  const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pushed: string[] = [];
  const pushBlob: Target["pushBlob"] = async (blob, signal) => {
    pushed.push(blob.digest);
    if (blob.size < LARGE_BYTES) return memory.pushBlob(blob, signal);
    begun.resolve();
    signal.addEventListener("abort", () => go.reject(signal.reason));
    await go.promise;
    return memory.pushBlob(blob, signal);
  };
  return { directory, files, place: { ...memory, pushBlob }, pushed, begun: begun.promise, go: go.resolve };
}

const digestOfFile = (world: World, name: string) =>
  `sha256:${createHash("sha256")
    .update(readFileSync(join(world.directory, name)))
    .digest("hex")}`;

test("sendAhead() sends large files, after the config, while what is left of a publication is made", async (t) => {
  const world = await makeWorld(t);
  const { files, place } = world;
  const { sent, made } = await sendAhead(
    { place, version: "1.0", files, mountFrom: null },
    async (signal) => {
      await world.begun;
      const complete = await completeFiles(files, { ...OPTIONS, signal });
      world.go();
      return complete;
    },
    OPTIONS,
  );
  const large = digestOfFile(world, "large");
  assert.deepEqual(world.pushed, [EMPTY_DESCRIPTOR.digest, large]);
  assert.deepEqual([...sent.keys()], world.pushed);
  for (const { title, blake3, blake2b512 } of made.documents) {
    const bytes = readFileSync(join(world.directory, title));
    assert.deepEqual([blake3, blake2b512], [hashHex("blake3", bytes), hashHex("blake2b512", bytes)]);
  }
});

test("sendAhead() sends nothing ahead of a version whose tag names something", async (t) => {
  const { place, files, pushed } = await makeWorld(t);
  const document = buildManifest({ artifactType: "a/b", config: null, layers: [], annotations: {}, subject: null });
  await place.pushManifest({ ...document, tag: "1.0" }, SIGNAL);
  const { sent, made } = await sendAhead(
    { place, version: "1.0", files, mountFrom: null },
    async () => "made",
    OPTIONS,
  );
  assert.deepEqual([sent.size, made, pushed], [0, "made", []]);
});

test("sendAhead() stops sending when the rest cannot be made, and the other way round", async (t) => {
  const world = await makeWorld(t);
  const { files, place } = world;
  const request = { place, version: "1.0", files, mountFrom: null };
  const wrong = new PkgError("PUBLISH_INVALID", "Cannot publish: it is wrong");
  const failing = async () => {
    await world.begun;
    throw wrong;
  };
  // If it went on sending, this would wait for ever.
  await assert.rejects(sendAhead(request, failing, OPTIONS), wrong);
  const refused = { ...place, pushBlob: () => Promise.reject(wrong) };
  const endless = (signal: AbortSignal) => once(signal, "abort");
  await assert.rejects(sendAhead({ ...request, place: refused }, endless, OPTIONS), wrong);
});

test("completeFiles() hashes no large file that has changed since its digest was found", async (t) => {
  const { directory, files } = await makeWorld(t);
  writeFileSync(join(directory, "large"), "other");
  await assert.rejects(completeFiles(files, OPTIONS), (error) => hasCode(error, "STATE_CHANGED"));
});
