import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import type { BlobUpload, RawDocument, Source, Target } from "../../src/oci/content.ts";
import { copy } from "../../src/oci/copy.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import {
  calm,
  copyOptions,
  describe,
  digestOf,
  image,
  index,
  noteOn,
  pushImage,
  type SampleImage,
  temporaryDirectory,
} from "./sample-graph.ts";

const code =
  (...codes: readonly ErrorCode[]) =>
  (error: unknown) =>
    hasCode(error, ...codes);

const CONFIG = Buffer.from('{"os":"linux"}');
const SHARED = Buffer.from("shared layer");
const AMD = image({ config: CONFIG, layers: [SHARED, Buffer.from("amd")] });
const ARM = image({ config: CONFIG, layers: [SHARED, Buffer.from("arm")] });
const BOTH = index([AMD, ARM]);

async function sourceOf(images: readonly SampleImage[], root: RawDocument, tag = "1"): Promise<Target> {
  const source = memoryRepository("memory:source");
  for (const each of images) await pushImage(source, each, null);
  await source.pushManifest({ ...root, tag }, calm);
  return source;
}

/** A target that records what it was given, in order. */
function recording(target: Target) {
  const lines: string[] = [];
  const names = new Map<string, string>([
    [digestOf(CONFIG), "config"],
    [digestOf(SHARED), "shared"],
    [AMD.digest, "amd"],
    [ARM.digest, "arm"],
    [BOTH.digest, "both"],
  ]);
  const name = (digest: string) => names.get(digest) ?? "other";
  const recorded: Target = {
    ...target,
    async pushBlob(blob, signal) {
      const written = await target.pushBlob(blob, signal);
      lines.push(`blob ${name(blob.digest)} ${written.how}`);
      return written;
    },
    async pushManifest(manifest, signal) {
      const written = await target.pushManifest(manifest, signal);
      lines.push(`manifest ${name(manifest.digest)} ${manifest.tag ?? "-"}`);
      return written;
    },
  };
  return { target: recorded, lines };
}

test("copy() copies an index with all that it names, each once, what is named first", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const { target, lines } = recording(memoryRepository());
  const summary = await copy(source, target, copyOptions({ to: "latest", concurrency: 1 }));
  assert.deepEqual(summary, {
    digest: BOTH.digest,
    mediaType: BOTH.mediaType,
    manifests: { sent: 3, existed: 0 },
    blobs: { sent: 4, existed: 0, mounted: 0 },
    bytesSent: CONFIG.length + SHARED.length + 6 + AMD.bytes.length + ARM.bytes.length + BOTH.bytes.length,
  });
  assert.equal(Object.isFrozen(summary), true);
  assert.equal(lines[0], "blob config sent");
  assert.equal(lines.at(-1), "manifest both latest");
  assert.equal(lines.filter((line) => line.startsWith("blob")).length, 4);
  for (const document of [AMD, ARM, BOTH]) {
    assert.deepEqual((await target.fetchDocument(document.digest, calm)).bytes, document.bytes);
  }
});

test("copy() sends layers only after the config", async () => {
  const source = await sourceOf([AMD], AMD);
  const memory = memoryRepository();
  const { target, lines } = recording({
    ...memory,
    async pushBlob(blob, signal) {
      if (blob.digest === digestOf(CONFIG)) for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      return memory.pushBlob(blob, signal);
    },
  });
  await copy(source, target, copyOptions({ concurrency: 8 }));
  assert.equal(lines[0], "blob config sent");
});

test("copy() sends nothing that the target already has", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const { target, lines } = recording(memoryRepository());
  await copy(source, target, copyOptions());
  lines.length = 0;
  const again = await copy(source, target, copyOptions());
  assert.deepEqual(lines, []);
  assert.deepEqual([again.manifests, again.bytesSent], [{ sent: 0, existed: 3 }, 0]);
  const tagged = await copy(source, target, copyOptions({ to: "2" }));
  assert.deepEqual(lines, ["manifest both 2"]);
  assert.deepEqual(tagged.manifests, { sent: 1, existed: 2 });
});

test("copy() without a tag is found by the digest alone", async () => {
  const source = await sourceOf([AMD], AMD);
  const target = memoryRepository();
  await copy(source, target, copyOptions({ to: null }));
  assert.deepEqual(await target.listTags(calm), []);
  assert.equal((await target.resolve(AMD.digest, calm)).digest, AMD.digest);
  assert.deepEqual((await copy(source, target, copyOptions({ to: null }))).manifests, { sent: 0, existed: 1 });
});

test("copy() brings what an index at the target lacks", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const target = memoryRepository();
  await pushImage(target, AMD, null);
  await target.pushManifest({ ...BOTH, tag: "1" }, calm);
  const { manifests, blobs } = await copy(source, target, copyOptions());
  assert.deepEqual([manifests, blobs.sent, blobs.existed], [{ sent: 1, existed: 2 }, 1, 2]);
  assert.equal(await target.hasManifest(ARM.digest, calm), true);
});

test("copy() of one platform copies its manifest, which the tag then names", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const target = memoryRepository();
  const platform = { os: "linux", architecture: "arm64" };
  const { digest, manifests } = await copy(source, target, copyOptions({ platform }));
  assert.deepEqual([digest, manifests.sent], [ARM.digest, 1]);
  assert.equal((await target.resolve("1", calm)).digest, ARM.digest);
  assert.equal(await target.hasManifest(AMD.digest, calm), false);
});

test("copy() lists the platforms when the requested one is missing", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const copied = copy(source, memoryRepository(), copyOptions({ platform: { os: "linux", architecture: "riscv64" } }));
  await assert.rejects(
    copied,
    (error) =>
      hasCode(error, "PLATFORM_UNSUPPORTED") &&
      /linux\/amd64, linux\/arm64\/v8/.test(error.message) &&
      error.message.startsWith(`Cannot use "${source.location}:1"`),
  );
});

test("copy() copies referrers, and referrers of those, and tags last", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const [onBoth, onArm] = [noteOn(BOTH, "both"), noteOn(ARM, "arm")];
  const onNote = noteOn(onArm, "note");
  for (const note of [onBoth, onArm, onNote]) await pushImage(source, note, null);
  const { target, lines } = recording(memoryRepository());
  await copy(source, target, copyOptions());
  assert.equal(await target.hasManifest(onBoth.digest, calm), false);
  lines.length = 0;
  const { manifests } = await copy(source, target, copyOptions({ to: "2", referrers: true }));
  assert.equal(lines.at(-1), "manifest both 2");
  assert.deepEqual(manifests, { sent: 3, existed: 3 });
  for (const [subject, note] of [
    [BOTH, onBoth],
    [ARM, onArm],
    [onArm, onNote],
  ] as const) {
    const found = await target.listReferrers(subject.digest, { artifactType: null }, calm);
    assert.deepEqual(
      found.map(({ digest }) => digest),
      [note.digest],
    );
  }
  lines.length = 0;
  await copy(source, target, copyOptions({ to: "2", referrers: true }));
  assert.deepEqual(lines, []);
});

test("copy() writes a referrer that exists but is not listed", async () => {
  const source = await sourceOf([AMD], AMD);
  const note = noteOn(AMD, "note");
  await pushImage(source, note, null);
  const memory = memoryRepository();
  await copy(source, memory, copyOptions({ referrers: true }));
  const { target, lines } = recording({ ...memory, listReferrers: async () => [] });
  await copy(source, target, copyOptions({ referrers: true }));
  assert.deepEqual(lines, ["manifest other -"]);
});

test("copy() resumes after a cut with what is missing", async () => {
  const source = await sourceOf([AMD, ARM], BOTH);
  const memory = memoryRepository();
  const { target, lines } = recording(memory);
  let pushes = 0;
  const broken: Target = {
    ...target,
    async pushBlob(blob, signal) {
      pushes += 1;
      if (pushes === 3) throw new PkgError("HTTP_FORBIDDEN", "no more");
      return target.pushBlob(blob, signal);
    },
  };
  await assert.rejects(copy(source, broken, copyOptions({ concurrency: 1 })), code("HTTP_FORBIDDEN"));
  await assert.rejects(memory.resolve("1", calm), code("HTTP_NOT_FOUND"));
  const before = lines.filter((line) => line.endsWith("sent")).length;
  lines.length = 0;
  await copy(source, target, copyOptions());
  assert.equal(lines.filter((line) => line.endsWith("sent")).length, 4 - before);
});

test("copy() lets nothing run on after a failure", async () => {
  const layers = Array.from({ length: 20 }, (_, number) => Buffer.from(`layer ${number}`));
  const sample = image({ layers });
  const source = await sourceOf([sample], sample);
  let running = 0;
  const target: Target = {
    ...memoryRepository(),
    async pushBlob(blob: BlobUpload, signal: AbortSignal) {
      if (blob.digest === digestOf(layers[3] ?? CONFIG)) throw new PkgError("HTTP_FORBIDDEN", "no");
      if (blob.digest === digestOf(sample.blobs[0] ?? CONFIG)) return { how: "sent", bytesSent: 0 };
      running += 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await new Promise(setImmediate);
      running -= 1;
      throw new PkgError("INTERRUPTED", "stopped");
    },
  };
  await assert.rejects(copy(source, target, copyOptions({ concurrency: 8 })), code("HTTP_FORBIDDEN"));
  assert.equal(running, 0);
});

test("copy() ends with INTERRUPTED when its signal is aborted", async () => {
  const source = await sourceOf([AMD], AMD);
  const controller = new AbortController();
  const target: Target = {
    ...memoryRepository(),
    async pushBlob() {
      controller.abort();
      throw new Error("torn");
    },
  };
  await assert.rejects(copy(source, target, copyOptions({ signal: controller.signal })), code("INTERRUPTED"));
});

test("copy() resumes where a source's stream broke off", async () => {
  const layer = Buffer.alloc(500_000, "layer");
  const sample = image({ layers: [layer] });
  const memory = await sourceOf([sample], sample);
  const offsets: number[] = [];
  const source: Source = {
    ...memory,
    async openBlob(blob, position, signal) {
      const stream = await memory.openBlob(blob, position, signal);
      if (blob.digest !== digestOf(layer)) return stream;
      offsets.push(position.offset);
      const body = async function* () {
        yield layer.subarray(position.offset, position.offset + 200_000);
        if (offsets.length < 3) throw new PkgError("NETWORK_FAILED", "cut");
      };
      return { ...stream, body: body() };
    },
  };
  const target = memoryRepository();
  await copy(source, target, copyOptions());
  assert.deepEqual(offsets, [0, 200_000, 400_000]);
  assert.equal(await target.hasBlob({ digest: digestOf(layer), size: layer.length }, calm), true);
});

test("copy() leaves out a non-distributable layer that the source lacks, and copies one that it has", async () => {
  const layerType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  const sample = image({ layers: [Buffer.from("foreign")], layerType });
  const source = await sourceOf([sample], sample);
  const whole = memoryRepository();
  await copy(source, whole, copyOptions());
  assert.equal(await whole.hasBlob({ digest: digestOf(Buffer.from("foreign")), size: 7 }, calm), true);
  await source.deleteBlob(digestOf(Buffer.from("foreign")), calm);
  const target = memoryRepository();
  const skipped: string[] = [];
  const hooks = { onSkipped: ({ digest }: { digest: string }) => skipped.push(digest) };
  await copy(source, target, copyOptions({ hooks }));
  assert.deepEqual(skipped, [digestOf(Buffer.from("foreign"))]);
  assert.equal((await copy(source, target, copyOptions())).manifests.existed, 1);
});

test("copy() fails when a layer is missing, and tags nothing", async () => {
  const source = await sourceOf([AMD], AMD);
  await source.deleteBlob(digestOf(SHARED), calm);
  const target = memoryRepository();
  await assert.rejects(copy(source, target, copyOptions()), code("HTTP_NOT_FOUND"));
  assert.deepEqual(await target.listTags(calm), []);
});

test("copy() copies documents of unknown types, as roots and in indexes", async () => {
  const bytes = Buffer.from('{"x": "unknown"}');
  const unknown = { bytes, mediaType: "application/vnd.example+json", digest: digestOf(bytes) };
  const root = index([unknown]);
  const source = memoryRepository();
  await source.pushManifest({ ...unknown, tag: "unknown" }, calm);
  await source.pushManifest({ ...root, tag: "1" }, calm);
  const target = memoryRepository();
  await copy(source, target, copyOptions({ from: "unknown", to: "unknown" }));
  assert.deepEqual(await target.fetchDocument("unknown", calm), unknown);
  // In a registry, a manifest is not a blob as well.
  const registry: Source = {
    ...source,
    openBlob: async () => {
      throw new PkgError("HTTP_NOT_FOUND", "no such blob");
    },
  };
  const other = memoryRepository();
  await copy(registry, other, copyOptions());
  assert.deepEqual((await other.fetchDocument(unknown.digest, calm)).bytes, bytes);
});

/** Documents that name content in forms which are not known. */
const OPAQUE: readonly (readonly [string, string, Buffer])[] = [
  [
    "of Docker's schema 1",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    Buffer.from(JSON.stringify({ schemaVersion: 1, fsLayers: [{ blobSum: digestOf(SHARED) }] })),
  ],
  [
    "of an unknown type that names a blob",
    "application/vnd.example+json",
    Buffer.from(JSON.stringify({ parts: [{ inner: { digest: digestOf(SHARED), size: SHARED.length } }] })),
  ],
  ["that is not JSON", "application/vnd.example", Buffer.from("names something")],
];

for (const [name, mediaType, bytes] of OPAQUE) {
  test(`copy() refuses a manifest ${name}, as what it names would be missing`, async () => {
    const opaque = { bytes, mediaType, digest: digestOf(bytes) };
    const source = await sourceOf([AMD], AMD, "good");
    await source.pushManifest({ ...opaque, tag: "1" }, calm);
    const nested = index([opaque]);
    await source.pushManifest({ ...nested, tag: "nested" }, calm);
    const target = memoryRepository();
    await assert.rejects(copy(source, target, copyOptions()), code("MANIFEST_INVALID"));
    // It was there before: what it names may still be missing.
    await target.pushManifest({ ...opaque, tag: null }, calm);
    await assert.rejects(copy(source, target, copyOptions({ to: "2" })), code("MANIFEST_INVALID"));
    if (mediaType !== "application/vnd.example") {
      await assert.rejects(copy(source, target, copyOptions({ from: "nested" })), code("MANIFEST_INVALID"));
      const registry: Source = { ...source, openBlob: () => Promise.reject(new PkgError("HTTP_NOT_FOUND", "none")) };
      await assert.rejects(copy(registry, target, copyOptions({ from: "nested" })), code("MANIFEST_INVALID"));
    }
    assert.deepEqual(await target.listTags(calm), []);
  });
}

test("copy() copies a document of an unknown type that names nothing but its subject", async () => {
  const bytes = Buffer.from(JSON.stringify({ subject: describe(AMD.bytes, AMD.mediaType), digest: "none" }));
  const note = { bytes, mediaType: "application/vnd.example+json", digest: digestOf(bytes) };
  const source = await sourceOf([AMD], AMD);
  await source.pushManifest({ ...note, tag: "note" }, calm);
  const target = memoryRepository();
  await copy(source, target, copyOptions({ from: "note", to: "note" }));
  assert.deepEqual(await target.fetchDocument("note", calm), note);
});

test("copy() refuses indexes that nest too deeply", async () => {
  const source = memoryRepository();
  await pushImage(source, AMD, null);
  let document: RawDocument = AMD;
  for (let depth = 0; depth < 20; depth += 1) {
    document = index([document]);
    await source.pushManifest({ ...document, tag: "1" }, calm);
  }
  await assert.rejects(copy(source, memoryRepository(), copyOptions()), code("MANIFEST_INVALID"));
});

test("copy() refuses a document whose bytes are not those of its digest", async () => {
  const memory = await sourceOf([AMD, ARM], BOTH);
  const source: Source = {
    ...memory,
    fetchDocument: async (key, signal) => {
      const found = await memory.fetchDocument(key, signal);
      return key === "1" ? found : { ...found, bytes: BOTH.bytes };
    },
  };
  await assert.rejects(copy(source, memoryRepository(), copyOptions()), code("DIGEST_MISMATCH"));
});

test("copy() into a layout lists the root alone, with its tag", async (t) => {
  const directory = temporaryDirectory(t);
  const source = await sourceOf([AMD, ARM], BOTH);
  await copy(source, openLayout(directory), copyOptions());
  const { manifests } = JSON.parse(readFileSync(join(directory, "index.json"), "utf8"));
  const annotations = { "org.opencontainers.image.ref.name": "1" };
  assert.deepEqual(manifests, [{ ...describe(BOTH.bytes, BOTH.mediaType), annotations }]);
});

test("copy() never runs more work at a time than it may", async () => {
  const sample = image({ layers: Array.from({ length: 30 }, (_, number) => Buffer.from(`${number}`)) });
  const source = await sourceOf([sample], sample);
  const memory = memoryRepository();
  let [running, most] = [0, 0];
  const target: Target = {
    ...memory,
    async pushBlob(blob, signal) {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      return memory.pushBlob(blob, signal).finally(() => {
        running -= 1;
      });
    },
  };
  await copy(source, target, copyOptions({ concurrency: 3 }));
  assert.equal(most, 3);
});

test("copy() refuses a digest in the place of a tag", async () => {
  await assert.rejects(
    copy(memoryRepository(), memoryRepository(), copyOptions({ to: AMD.digest })),
    code("REFERENCE_INVALID"),
  );
});
