import assert from "node:assert/strict";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { type BuiltDocument, buildManifest, descriptorOf } from "../../src/oci/artifact.ts";
import type { Target } from "../../src/oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../../src/oci/descriptor.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { buildIndex } from "../../src/oci/image-index-edit.ts";
import type { Manifest } from "../../src/oci/manifest.ts";
import { verifiedBlob } from "../../src/oci/verified-blob.ts";
import { packageSigner, republish, signatureOf } from "./republish.ts";
import { type IndexWorld, indexWorld } from "./world.ts";

const OTHER = "0".repeat(64);
const ENTRY = "trurl.json";
const HOST_TAG = "8.14.1-x86_64-linux";

interface Doctored {
  /** Fields of PROGRAM.json, or its bytes; null: the package has none. */
  readonly entry?: Readonly<Record<string, unknown>> | string | null;
  readonly manifest?: Partial<Pick<Manifest, "artifactType" | "annotations">>;
  readonly layers?: (layers: readonly Descriptor[]) => readonly Descriptor[];
  readonly listed?: Partial<Descriptor>;
  /** The platform's own tag still names the old manifest. */
  readonly keepTag?: boolean;
}

/** Publishes a package and replaces it with one that states something false. */
async function publishDoctored(world: IndexWorld, change: Doctored): Promise<void> {
  await world.publish({ typed: { files: ["x64/trurl@linux/amd64"] } });
  const { signal } = world.context;
  const place = await world.repository("me/tools/trurl");
  const document = await place.fetchManifest("8.14.1", signal);
  assert.ok(document.kind === "index");
  const [listed] = document.index.manifests;
  assert.ok(listed !== undefined);
  const platform = await place.fetchManifest(listed.digest, signal);
  assert.ok(platform.kind === "manifest");
  const manifest = await doctoredManifest(world, place, { manifest: platform.manifest, change });
  await place.pushManifest({ ...manifest, tag: null }, signal);
  if (change.keepTag !== true) await place.pushManifest({ ...manifest, tag: HOST_TAG }, signal);
  const manifests = [{ ...listed, ...descriptorOf(manifest), annotations: listed.annotations, ...change.listed }];
  const { annotations } = document.index;
  const index = buildIndex({ manifests, annotations, artifactType: null, subject: null });
  await place.pushManifest({ ...index, tag: "8.14.1" }, signal);
}

async function doctoredManifest(
  world: IndexWorld,
  place: Target,
  { manifest, change }: { readonly manifest: Manifest; readonly change: Doctored },
): Promise<BuiltDocument> {
  const layers: Descriptor[] = [];
  for (const layer of manifest.layers) {
    if (layer.annotations[TITLE_ANNOTATION] !== ENTRY || change.entry === undefined) layers.push(layer);
    else if (change.entry !== null) layers.push(await doctoredEntry(world, place, { layer, entry: change.entry }));
  }
  return buildManifest({
    artifactType: manifest.artifactType,
    config: manifest.config,
    annotations: manifest.annotations,
    subject: null,
    ...change.manifest,
    layers: change.layers?.(layers) ?? layers,
  });
}

async function doctoredEntry(
  { context }: IndexWorld,
  place: Target,
  { layer, entry }: { readonly layer: Descriptor; readonly entry: Readonly<Record<string, unknown>> | string },
): Promise<Descriptor> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of verifiedBlob(place, layer, context)) chunks.push(chunk);
  const fields = JSON.parse(Buffer.concat(chunks).toString());
  const bytes = Buffer.from(typeof entry === "string" ? entry : JSON.stringify({ ...fields, ...entry }));
  const digest = sha256Digest(hashHex("sha256", bytes));
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  await place.pushBlob({ digest, size: bytes.length, open: async () => body(), mountFrom: null }, context.signal);
  return { ...layer, digest, size: bytes.length };
}

const title = (layer: Descriptor) => layer.annotations[TITLE_ANNOTATION];

const MISFITS: Readonly<Record<string, readonly [Doctored, RegExp]>> = {
  "no PROGRAM.json": [{ entry: null }, /it has no PROGRAM.json/],
  "a PROGRAM.json that is no JSON": [{ entry: "{" }, /"trurl.json": must be an object/],
  "a field of another type": [{ entry: { size_raw: "12" } }, /"trurl.json": size_raw: must be a whole number/],
  "another name": [{ entry: { pkg_name: "curl" } }, /"trurl.json" is about "curl"/],
  "another version": [{ entry: { version: "9" } }, /its version is "9", expected "8.14.1"/],
  "another host": [{ entry: { host: "aarch64-linux" } }, /its host is "aarch64-linux", expected "x86_64-linux"/],
  "a C library that its image index does not ask for": [
    { entry: { libc: "musl" } },
    /its libc is "musl", expected "none"/,
  ],
  "another hash": [{ entry: { shasum: OTHER } }, /its shasum is "0+", expected "[1-9a-f]/],
  "another size": [{ entry: { size_raw: 1 } }, /its size_raw is "1", expected "\d\d+"/],
  "the place of another package": [
    { entry: { ghcr_pkg: "ghcr.io/me/other:8.14.1-x86_64-linux" } },
    /its ghcr_pkg is "ghcr.io\/me\/other", expected "127/,
  ],
  "the blob of another package": [
    { entry: { ghcr_blob: `ghcr.io/me/other@sha256:${OTHER}` } },
    /its ghcr_blob is "ghcr.io\/me\/other", expected "127/,
  ],
  "another type": [{ manifest: { artifactType: "application/x" } }, /its artifact type is "application\/x"/],
  "another annotation": [{ manifest: { annotations: {} } }, /its version annotation is "none", expected "8.14.1"/],
  "no program": [{ layers: (layers) => layers.filter((layer) => title(layer) !== "trurl") }, /it has no PROGRAM.json/],
  "another platform in its image index": [
    { listed: { platform: { os: "linux", architecture: "arm64" } } },
    /its host is "x86_64-linux", expected "aarch64-linux"/,
  ],
  "a C library in its image index alone": [
    { listed: { platform: { os: "linux", architecture: "amd64", osFeatures: ["libc.glibc"] } } },
    /its libc is "none", expected "glibc"/,
  ],
  "a tag that leads to something else": [{ entry: {}, keepTag: true }, /its tag "8.14.1-x86_64-linux" names "sha256:/],
};

for (const [name, [change, message]] of Object.entries(MISFITS)) {
  test(`buildPackageIndex() refuses a package with ${name}, and names it`, async (t) => {
    const world = await indexWorld(t);
    await publishDoctored(world, change);
    const { outcome, errors } = await world.buildPackageIndex();
    assert.deepEqual(outcome.files, []);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]?.code, "MANIFEST_INVALID");
    assert.match(errors[0]?.message ?? "", /^Cannot index "127\.0\.0\.1:\d+\/me\/tools\/trurl@sha256:[0-9a-f]{64}": /);
    assert.match(errors[0]?.message ?? "", message);
    const kept = await world.buildPackageIndex({ keepGoing: true });
    assert.equal(kept.outcome.entryCount, 0);
  });
}

test("buildPackageIndex() accepts a package that another tool put together, when what it says is true and signed", async (t) => {
  const world = await indexWorld(t);
  await republish(world, (files) => {
    const entry = Buffer.from(JSON.stringify(JSON.parse(String(files.get("trurl.json")))));
    files.set("trurl.json", entry);
    files.set("trurl.json.sig", signatureOf(packageSigner(), "trurl.json", entry));
  });
  const { outcome, errors } = await world.buildPackageIndex();
  assert.deepEqual([outcome.entryCount, errors.length], [1, 0]);
});

test("buildPackageIndex() refuses two packages of one id, name, version and platform", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { id: "one" } });
  const other = `${world.host}/me/other/trurl`;
  await world.publish({ typed: { id: "one", reference: other } });
  const { errors } = await world.buildPackageIndex({ from: [world.trurl, other] });
  assert.deepEqual(errors.map(({ message }) => /"([^"]+)" has its name/.exec(message)?.[1]).sort(), [
    `${world.trurl}:8.14.1-aarch64-linux`,
    `${world.trurl}:8.14.1-x86_64-linux`,
  ]);
});
