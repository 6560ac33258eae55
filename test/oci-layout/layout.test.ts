import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { machineId } from "../../src/base/process-alive.ts";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import type { Target } from "../../src/oci/content.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { openLayoutArchive } from "../../src/oci-layout/archive-layout.ts";
import { layoutDirectory } from "../../src/oci-layout/directory.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import {
  calm,
  chunks,
  collect,
  describe,
  digestOf,
  image,
  index,
  noteOn,
  pushImage,
  temporaryDirectory,
  upload,
} from "../oci/sample-graph.ts";

const code =
  (...codes: readonly ErrorCode[]) =>
  (error: unknown) =>
    hasCode(error, ...codes);

const PLACES: readonly (readonly [string, (t: TestContext) => Target])[] = [
  ["openLayout()", (t) => openLayout(join(temporaryDirectory(t), "new", "layout"))],
  ["openLayoutArchive()", (t) => archive(t)],
  ["memoryRepository()", () => memoryRepository()],
];

function archive(t: TestContext): Target {
  const target = openLayoutArchive(join(temporaryDirectory(t), "f.tar"));
  t.after(() => target.close());
  return target;
}

for (const [name, open] of PLACES) {
  test(`${name} gives back what was pushed, by tag and by digest, byte for byte`, async (t) => {
    const target = open(t);
    const sample = image({ layers: [Buffer.from("one"), Buffer.alloc(300_000, 7)] });
    await pushImage(target, sample, "1");
    for (const key of ["1", sample.digest]) {
      const { mediaType, digest } = await target.resolve(key, calm);
      assert.deepEqual({ mediaType, digest }, { mediaType: OCI_MANIFEST, digest: sample.digest });
      assert.deepEqual((await target.fetchDocument(key, calm)).bytes, sample.bytes);
      const document = await target.fetchManifest(key, calm);
      assert.equal(document.kind === "manifest" && document.manifest.layers.length, 2);
    }
    for (const blob of sample.blobs) {
      const address = { digest: digestOf(blob), size: blob.length };
      const stream = await target.openBlob(address, { offset: 2, validator: null }, calm);
      assert.deepEqual([stream.offset, stream.size], [2, blob.length]);
      assert.deepEqual(await collect(stream.body), blob.subarray(2));
      assert.equal(await target.hasBlob(address, calm), true);
      assert.equal(await target.hasBlob({ ...address, size: 1 }, calm), false);
    }
    assert.deepEqual(await target.listTags(calm), ["1"]);
    assert.equal(await target.hasManifest(sample.digest, calm), true);
  });

  test(`${name} throws HTTP_NOT_FOUND for what does not exist`, async (t) => {
    const target = open(t);
    await pushImage(target, image(), "1");
    const digest = digestOf(Buffer.from("absent"));
    await assert.rejects(target.resolve("2", calm), code("HTTP_NOT_FOUND"));
    await assert.rejects(target.fetchDocument(digest, calm), code("HTTP_NOT_FOUND"));
    await assert.rejects(target.fetchManifest("2", calm), code("HTTP_NOT_FOUND"));
    await assert.rejects(
      target.openBlob({ digest, size: null }, { offset: 0, validator: null }, calm),
      code("HTTP_NOT_FOUND"),
    );
    await assert.rejects(target.deleteManifest("2", calm), code("HTTP_NOT_FOUND"));
    await assert.rejects(target.deleteManifest(digest, calm), code("HTTP_NOT_FOUND"));
    await assert.rejects(target.deleteBlob(digest, calm), code("HTTP_NOT_FOUND"));
    assert.equal(await target.hasBlob({ digest, size: null }, calm), false);
    assert.equal(await target.hasManifest(digest, calm), false);
  });

  test(`${name} writes a blob once, and none whose bytes are others`, async (t) => {
    const target = open(t);
    const bytes = Buffer.from("blob");
    assert.deepEqual(await target.pushBlob(upload(bytes), calm), { how: "sent", bytesSent: 4 });
    assert.deepEqual(await target.pushBlob(upload(bytes), calm), { how: "existed", bytesSent: 0 });
    const other = Buffer.from("four");
    const forged = { ...upload(other), open: async () => chunks(bytes) };
    await assert.rejects(target.pushBlob(forged, calm), code("DIGEST_MISMATCH"));
    await assert.rejects(target.pushBlob({ ...upload(other), size: 3 }, calm), code("SIZE_MISMATCH"));
    await assert.rejects(target.pushBlob({ ...upload(other), size: 5 }, calm), code("SIZE_MISMATCH"));
    assert.equal(await target.hasBlob({ digest: digestOf(other), size: null }, calm), false);
    await assert.rejects(
      target.pushManifest({ bytes: other, mediaType: OCI_MANIFEST, digest: digestOf(bytes), tag: null }, calm),
      code("DIGEST_MISMATCH"),
    );
  });

  test(`${name} writes an empty blob, and one of sha512`, async (t) => {
    const target = open(t);
    assert.equal((await target.pushBlob(upload(Buffer.alloc(0)), calm)).how, "sent");
    const address = { digest: digestOf(Buffer.alloc(0)), size: 0 };
    const empty = await target.openBlob(address, { offset: 0, validator: null }, calm);
    assert.equal((await collect(empty.body)).length, 0);
    const sample = image({ algorithm: "sha512", layers: [Buffer.from("x")] });
    await pushImage(target, sample, "1");
    const digest = digestOf(Buffer.from("x"), "sha512");
    const { body } = await target.openBlob({ digest, size: 1 }, { offset: 0, validator: null }, calm);
    assert.equal((await collect(body)).toString(), "x");
  });

  test(`${name} lists an index itself, and no longer the manifests that it names`, async (t) => {
    const target = open(t);
    const [left, right] = [image({ layers: [Buffer.from("l")] }), image({ layers: [Buffer.from("r")] })];
    const both = index([left, right]);
    await pushImage(target, left, null);
    await pushImage(target, right, "right");
    await target.pushManifest({ ...both, tag: "all" }, calm);
    assert.deepEqual(await target.listTags(calm), ["right", "all"]);
    assert.equal((await target.resolve(left.digest, calm)).mediaType, OCI_MANIFEST);
    assert.equal((await target.resolve(both.digest, calm)).mediaType, OCI_INDEX);
    await target.deleteManifest("all", calm);
    assert.equal((await target.resolve(both.digest, calm)).mediaType, OCI_INDEX);
    await target.deleteManifest(both.digest, calm);
    await assert.rejects(target.resolve(both.digest, calm), code("HTTP_NOT_FOUND"));
  });

  test(`${name} finds referrers, also those a fallback tag names, and filters them by type`, async (t) => {
    const target = open(t);
    const subject = image();
    const [first, second] = [noteOn(subject, "first"), noteOn(subject, "second")];
    const unrelated = noteOn(first, "third");
    await pushImage(target, subject, "1");
    await pushImage(target, first, null);
    await pushImage(target, second, null);
    await pushImage(target, unrelated, null);
    const fallback = index([first, second, unrelated]);
    await target.pushManifest({ ...fallback, tag: subject.digest.replace(":", "-") }, calm);
    const found = await target.listReferrers(subject.digest, { artifactType: null }, calm);
    assert.deepEqual(
      found.map(({ digest, artifactType, annotations }) => [digest, artifactType, annotations["text"]]),
      [
        [first.digest, "text/note", "first"],
        [second.digest, "text/note", "second"],
      ],
    );
    assert.deepEqual(await target.listReferrers(subject.digest, { artifactType: "x/y" }, calm), []);
    assert.equal((await target.listReferrers(subject.digest, { artifactType: "text/note" }, calm)).length, 2);
    await target.deleteManifest(fallback.digest, calm);
    assert.equal((await target.listReferrers(subject.digest, { artifactType: null }, calm)).length, 2);
    await target.deleteManifest(first.digest, calm);
    assert.equal((await target.listReferrers(subject.digest, { artifactType: null }, calm)).length, 1);
  });

  test(`${name} does not claim to have a manifest whose blob is missing`, async (t) => {
    const target = open(t);
    const sample = image();
    await pushImage(target, sample, "1");
    await target.deleteBlob(digestOf(sample.blobs[1] ?? Buffer.alloc(0)), calm);
    assert.equal(await target.hasManifest(sample.digest, calm), false);
  });

  test(`${name} keeps documents of unknown types as they are`, async (t) => {
    const target = open(t);
    const bytes = Buffer.from('{"anything": [1, 2]}');
    const document = { bytes, mediaType: "application/vnd.example+json", digest: digestOf(bytes) };
    await target.pushManifest({ ...document, tag: "x" }, calm);
    assert.deepEqual(await target.fetchDocument("x", calm), document);
    assert.deepEqual(await target.fetchDocument(document.digest, calm), document);
    await assert.rejects(target.fetchManifest("x", calm), code("MANIFEST_INVALID"));
  });
}

test("openLayout() refuses to read what is not a layout, with a hint", async (t) => {
  const directory = temporaryDirectory(t);
  const refused = async (path: string) =>
    assert.rejects(
      openLayout(path).resolve("1", calm),
      (error) => hasCode(error, "LAYOUT_INVALID") && error.hint !== undefined,
    );
  await refused(join(directory, "absent"));
  writeFileSync(join(directory, "a.tar"), "");
  const asTar = { code: "LAYOUT_INVALID", message: /it is a file$/, hint: /oci-archive:.*a\.tar$/ };
  await assert.rejects(openLayout(join(directory, "a.tar")).resolve("1", calm), asTar);
  await refused(directory);
  writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"2.0.0"}');
  writeFileSync(join(directory, "index.json"), '{"schemaVersion":2,"manifests":[]}');
  await refused(directory);
  writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await assert.rejects(openLayout(directory).resolve("1", calm), code("HTTP_NOT_FOUND"));
  writeFileSync(join(directory, "index.json"), "{");
  await refused(directory);
  execFileSync("rm", [join(directory, "index.json")]);
  execFileSync("mkfifo", [join(directory, "index.json")]);
  await refused(directory);
});

test("openLayout() detects a manifest that was changed", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  const sample = image();
  await pushImage(target, sample, "1");
  const path = join(directory, "blobs", sample.digest.replace(":", "/"));
  const changed = Buffer.from(sample.bytes);
  changed[0] = 0x20;
  writeFileSync(path, changed);
  await assert.rejects(target.fetchDocument("1", calm), code("DIGEST_MISMATCH"));
  writeFileSync(path, "short");
  await assert.rejects(target.fetchDocument("1", calm), code("DIGEST_MISMATCH", "SIZE_MISMATCH"));
});

test("openLayout() follows `blobs` to a shared store, and no symlink in it", async (t) => {
  const directory = temporaryDirectory(t);
  const layout = join(directory, "layout");
  const target = openLayout(layout);
  const sample = image();
  await pushImage(target, sample, "1");
  renameSync(join(layout, "blobs"), join(directory, "shared"));
  symlinkSync("../shared", join(layout, "blobs"));
  assert.deepEqual((await target.fetchDocument("1", calm)).bytes, sample.bytes);
  assert.equal((await target.pushBlob(upload(Buffer.from("more")), calm)).how, "sent");
  await assert.rejects(target.deleteBlob(digestOf(Buffer.from("more")), calm), code("LAYOUT_INVALID"));
  const secret = join(directory, "secret");
  writeFileSync(secret, "secret");
  const digest = digestOf(Buffer.from("linked"));
  symlinkSync(secret, join(directory, "shared", digest.replace(":", "/")));
  await assert.rejects(
    target.openBlob({ digest, size: null }, { offset: 0, validator: null }, calm),
    code("LAYOUT_INVALID"),
  );
  await assert.rejects(target.hasBlob({ digest, size: null }, calm), code("LAYOUT_INVALID"));
  // As when it replaces a blob that was checked a moment ago.
  await assert.rejects(collect(layoutDirectory(layout).readBlob(digest, 0, calm)), code("FILE_SYSTEM"));
});

test("openLayout() refuses blobs behind a symlinked algorithm", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(join(directory, "layout"));
  await pushImage(target, image(), "1");
  mkdirSync(join(directory, "elsewhere"));
  symlinkSync(join(directory, "elsewhere"), join(directory, "layout", "blobs", "sha512"));
  const bytes = Buffer.from("x");
  writeFileSync(join(directory, "elsewhere", digestOf(bytes, "sha512").slice(7)), bytes);
  const address = { digest: digestOf(bytes, "sha512"), size: 1 };
  await assert.rejects(target.openBlob(address, { offset: 0, validator: null }, calm), code("LAYOUT_INVALID"));
});

test("openLayout() loses no tag when several processes push at the same time", async (t) => {
  const directory = temporaryDirectory(t);
  await pushImage(openLayout(directory), image(), "0");
  const program = join(import.meta.dirname, "pusher.ts");
  const { spawn } = await import("node:child_process");
  const run = (name: string) =>
    new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [program, directory, name, "12"], {
        stdio: ["ignore", "inherit", "inherit"],
      });
      child.on("close", resolve);
    });
  assert.deepEqual(await Promise.all(["a", "b", "c"].map(run)), [0, 0, 0]);
  const tags = await openLayout(directory).listTags(calm);
  assert.equal(new Set(tags).size, 1 + 3 * 12);
  assert.deepEqual(readdirSync(directory).toSorted(), ["blobs", "index.json", "oci-layout"]);
});

test("openLayout() removes the lock of a process that has ended", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  await pushImage(target, image(), "1");
  const { spawnSync } = await import("node:child_process");
  const { pid } = spawnSync("true");
  writeFileSync(join(directory, ".index.json.lock"), `${machineId()}-${pid}-000000000000`);
  await target.pushManifest({ ...image(), tag: "2" }, calm);
  assert.deepEqual(await target.listTags(calm), ["1", "2"]);
  assert.equal(existsSync(join(directory, ".index.json.lock")), false);
});

test("openLayout() waits for the lock of a process that runs, until it is interrupted", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  await pushImage(target, image(), "1");
  writeFileSync(join(directory, ".index.json.lock"), `${machineId()}-${process.pid}-000000000000`);
  const pushed = target.pushManifest({ ...image(), tag: "2" }, AbortSignal.timeout(150));
  await assert.rejects(pushed, code("INTERRUPTED"));
  assert.deepEqual(await target.listTags(calm), ["1"]);
});

test("openLayout() resumes from what a broken stream left, after hashing it", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  const bytes = Buffer.alloc(3 * 1024 * 1024, "abcdefg");
  const cut = new PkgError("NETWORK_FAILED", "cut");
  const broken = async function* () {
    yield bytes.subarray(0, 2 * 1024 * 1024);
    throw cut;
  };
  await assert.rejects(
    target.pushBlob({ ...upload(bytes), open: async () => broken() }, calm),
    (error) => error === cut,
  );
  assert.equal(await target.hasBlob({ digest: digestOf(bytes), size: null }, calm), false);
  const offsets: number[] = [];
  const whole = upload(bytes);
  const open = async (offset: number, signal: AbortSignal) => {
    offsets.push(offset);
    return whole.open(offset, signal);
  };
  assert.deepEqual(await target.pushBlob({ ...whole, open }, calm), { how: "sent", bytesSent: 1024 * 1024 });
  assert.deepEqual(offsets, [2 * 1024 * 1024]);
  assert.deepEqual(readdirSync(join(directory, "blobs", "sha256")), [digestOf(bytes).slice(7)]);
});

test("openLayout() starts over when what was left is damaged", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  const bytes = Buffer.alloc(2 * 1024 * 1024, "abcdefg");
  await target.pushBlob(upload(Buffer.from("x")), calm);
  const partial = join(directory, "blobs", "sha256", `.${digestOf(bytes).slice(7)}.part`);
  writeFileSync(partial, Buffer.alloc(1024 * 1024, "wrong"));
  assert.deepEqual(await target.pushBlob(upload(bytes), calm), { how: "sent", bytesSent: 3 * 1024 * 1024 });
  writeFileSync(partial, Buffer.alloc(3 * 1024 * 1024));
  await target.deleteBlob(digestOf(bytes), calm);
  assert.equal((await target.pushBlob(upload(bytes), calm)).bytesSent, bytes.length);
  assert.equal(existsSync(partial), false);
});

test("openLayout() leaves nothing of a small blob that breaks off", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  const broken = async function* () {
    yield Buffer.from("bl");
    throw new Error("cut");
  };
  await assert.rejects(target.pushBlob({ ...upload(Buffer.from("blob")), open: async () => broken() }, calm), /cut/);
  assert.deepEqual(readdirSync(join(directory, "blobs", "sha256")), []);
});

test("openLayout() keeps what other tools wrote into index.json", async (t) => {
  const directory = temporaryDirectory(t);
  const target = openLayout(directory);
  const sample = image();
  await pushImage(target, sample, null);
  const annotations = { "org.opencontainers.image.ref.name": "library/alpine:3", "io.containerd.image.name": "x" };
  const entry = { ...describe(sample.bytes, OCI_MANIFEST), annotations, "x-own": 1 };
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry], "x-top": 2 }));
  assert.equal((await target.resolve("3", calm)).digest, sample.digest);
  await pushImage(target, image({ layers: [] }), "2");
  const document = JSON.parse(readFileSync(join(directory, "index.json"), "utf8"));
  assert.deepEqual(document.manifests[0], entry);
  assert.equal(document["x-top"], 2);
});
