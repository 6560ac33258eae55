import assert from "node:assert/strict";
import { existsSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { machineId } from "../../src/base/process-alive.ts";
import { hasCode } from "../../src/errors.ts";
import type { Digest } from "../../src/oci/digest.ts";
import { listLayout, verifyLayout } from "../../src/oci-layout/check.ts";
import { collectLayout, DEFAULT_GRACE_MS } from "../../src/oci-layout/collect.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { calm, digestOf, image, index, noteOn, pushImage, temporaryDirectory, upload } from "../oci/sample-graph.ts";

const [LEFT, RIGHT] = [image({ layers: [Buffer.from("left")] }), image({ layers: [Buffer.from("right")] })];
const BOTH = index([LEFT, RIGHT]);

async function sample(t: TestContext) {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  await pushImage(target, LEFT, null);
  await pushImage(target, RIGHT, "right");
  await target.pushManifest({ ...BOTH, tag: "1" }, calm);
  await target.pushManifest({ ...BOTH, tag: "2" }, calm);
  await pushImage(target, noteOn(BOTH, "note"), null);
  const path = (digest: Digest) => join(directory, "blobs", digest.replace(":", "/"));
  return { directory, target, path };
}

test("verifyLayout() finds nothing wrong with a layout that is right", async (t) => {
  const { directory } = await sample(t);
  const { problems, blobs, reachable } = await verifyLayout(directory, calm);
  assert.deepEqual(problems, []);
  // Three manifests, an index, one config, three layers.
  assert.deepEqual([blobs, reachable], [8, 8]);
});

test("verifyLayout() names every problem", async (t) => {
  const { directory, path } = await sample(t);
  writeFileSync(path(digestOf(Buffer.from("left"))), "LEFT");
  writeFileSync(path(digestOf(Buffer.from("right"))), "longer");
  rmSync(path(LEFT.digest));
  writeFileSync(join(directory, "blobs", "sha256", "notes.txt"), "");
  symlinkSync("/etc/hostname", path(digestOf(Buffer.from("link"))));
  const { problems } = await verifyLayout(directory, calm);
  const told = problems.map((problem) => `${problem.kind} ${"digest" in problem ? problem.digest : problem.name}`);
  assert.deepEqual(
    told.toSorted(),
    [
      `corrupt ${digestOf(Buffer.from("left"))}`,
      `corrupt ${digestOf(Buffer.from("right"))}`,
      `foreign blobs/sha256/${digestOf(Buffer.from("link")).slice(7)}`,
      "foreign blobs/sha256/notes.txt",
      `missing ${LEFT.digest}`,
      `size ${digestOf(Buffer.from("right"))}`,
    ].toSorted(),
  );
  const missing = problems.find(({ kind }) => kind === "missing");
  assert.equal(missing?.kind === "missing" && missing.by, BOTH.digest);
});

test("verifyLayout() reports a manifest that cannot be read", async (t) => {
  const { directory, target } = await sample(t);
  const bytes = Buffer.from('{"schemaVersion": 2, "layers": 1}');
  await target.pushBlob(upload(bytes), calm);
  const path = join(directory, "index.json");
  const entry = { mediaType: LEFT.mediaType, digest: digestOf(bytes), size: bytes.length };
  writeFileSync(path, JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  const { problems } = await verifyLayout(directory, calm);
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ["invalid"],
  );
  const nothing = { dryRun: false, graceMs: 0, nowMs: Date.now() + 1000, signal: calm };
  await assert.rejects(collectLayout(directory, nothing), (error) => hasCode(error, "LAYOUT_INVALID"));
});

test("listLayout() lists manifests with their tags and sizes", async (t) => {
  const { directory } = await sample(t);
  const listed = await listLayout(directory, calm);
  assert.deepEqual(
    listed.map(({ digest, tags, artifactType }) => ({ digest, tags, artifactType })),
    [
      { digest: RIGHT.digest, tags: ["right"], artifactType: null },
      { digest: BOTH.digest, tags: ["1", "2"], artifactType: null },
      { digest: noteOn(BOTH, "note").digest, tags: [], artifactType: "text/note" },
    ],
  );
  assert.equal(listed[1]?.bytes, BOTH.bytes.length + LEFT.bytes.length + RIGHT.bytes.length + 2 + 4 + 5);
});

const OPTIONS = { dryRun: false, graceMs: DEFAULT_GRACE_MS, signal: calm };
const later = () => Date.now() + 2 * DEFAULT_GRACE_MS;

test("collectLayout() removes what the index does not lead to, once it is old", async (t) => {
  const { directory, target, path } = await sample(t);
  await target.pushBlob(upload(Buffer.from("garbage")), calm);
  await target.deleteManifest("1", calm);
  await target.deleteManifest("2", calm);
  const garbage = digestOf(Buffer.from("garbage"));
  const young = await collectLayout(directory, { ...OPTIONS, nowMs: Date.now() });
  assert.deepEqual(young, { removed: [], partials: 0, bytes: 0 });
  const dry = await collectLayout(directory, { ...OPTIONS, nowMs: later(), dryRun: true });
  assert.deepEqual(dry, { removed: [garbage], partials: 0, bytes: 7 });
  assert.equal(existsSync(path(garbage)), true);
  assert.deepEqual(await collectLayout(directory, { ...OPTIONS, nowMs: later() }), dry);
  assert.equal(existsSync(path(garbage)), false);
  assert.deepEqual((await verifyLayout(directory, calm)).problems, []);
  await target.deleteManifest(BOTH.digest, calm);
  const more = await collectLayout(directory, { ...OPTIONS, nowMs: later() });
  assert.deepEqual(more.removed.toSorted(), [LEFT.digest, digestOf(Buffer.from("left"))].toSorted());
  assert.equal(await target.hasManifest(RIGHT.digest, calm), true);
});

test("collectLayout() keeps what a manifest of an unknown type names, wherever that is listed", async (t) => {
  const { directory, target, path } = await sample(t);
  const [part, inner] = [Buffer.from("part"), Buffer.from("inner")];
  const document = (of: Buffer) => Buffer.from(JSON.stringify({ parts: [{ digest: digestOf(of) }] }));
  const middle = document(inner);
  for (const blob of [part, inner, middle]) await target.pushBlob(upload(blob), calm);
  const [root, nested] = [document(middle), document(part)].map((bytes) => {
    return { bytes, mediaType: "application/vnd.example+json", digest: digestOf(bytes) };
  });
  assert.ok(root !== undefined && nested !== undefined);
  await target.pushManifest({ ...root, tag: "unknown" }, calm);
  await target.pushManifest({ ...nested, tag: null }, calm);
  await target.pushManifest({ ...index([nested]), tag: "nested" }, calm);
  assert.deepEqual((await collectLayout(directory, { ...OPTIONS, nowMs: later() })).removed, []);
  const { unknown, problems } = await verifyLayout(directory, calm);
  assert.ok(unknown.length > 0 && problems.length === 0, "what it names is not said to be complete");
  for (const blob of [part, inner, middle]) assert.equal(existsSync(path(digestOf(blob))), true);
});

test("collectLayout() removes old partial blobs, but none that a running process writes", async (t) => {
  const { directory } = await sample(t);
  const { spawnSync } = await import("node:child_process");
  const hex = "a".repeat(64);
  const dead = spawnSync("true").pid;
  const at = (name: string) => join(directory, "blobs", "sha256", name);
  const [free, killed, running] = [
    at(`.${hex}.part`),
    at(`.${hex}.part.${machineId()}-${dead}-000000000000`),
    at(`.${hex}.part.${machineId()}-${process.pid}-000000000000`),
  ] as const;
  for (const path of [free, killed, running]) writeFileSync(path, "part");
  assert.equal((await collectLayout(directory, { ...OPTIONS, nowMs: Date.now() })).partials, 0);
  assert.deepEqual(await collectLayout(directory, { ...OPTIONS, nowMs: later() }), {
    removed: [],
    partials: 2,
    bytes: 8,
  });
  assert.deepEqual([free, killed, running].map(existsSync), [false, false, true]);
});

test("collectLayout() refuses a layout whose blobs are shared, or that holds something unknown", async (t) => {
  const { directory } = await sample(t);
  const options = { ...OPTIONS, nowMs: later() };
  renameSync(join(directory, "blobs"), join(directory, "elsewhere"));
  symlinkSync("elsewhere", join(directory, "blobs"));
  await assert.rejects(collectLayout(directory, options), (error) => hasCode(error, "LAYOUT_INVALID"));
  rmSync(join(directory, "blobs"));
  renameSync(join(directory, "elsewhere"), join(directory, "blobs"));
  const entry = { mediaType: "a/b", digest: "blake3:00", size: 1 };
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  await assert.rejects(collectLayout(directory, options), (error) => hasCode(error, "LAYOUT_INVALID"));
  assert.ok(readdirSync(join(directory, "blobs", "sha256")).length > 5);
});
