import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import type { BlobUpload } from "../../src/oci/content.ts";
import { digestHex } from "../../src/oci/digest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { registryRepository } from "../../src/registry-client/registry-repository.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { calm, connect, digestOf } from "./local-registry.ts";
import { indexSample, manifestSample, noteOn, type Sample } from "./manifest-store.ts";

const SUBJECT = manifestSample();
const NOTES = [noteOn(SUBJECT, "one"), noteOn(SUBJECT, "two", "text/other")] as const;
const upload = ({ bytes, mediaType, digest }: Sample, tag: string | null = null) => ({ bytes, mediaType, digest, tag });

const EMPTY = Buffer.from("{}");
const EMPTY_BLOB: BlobUpload = {
  digest: digestOf(EMPTY),
  size: EMPTY.length,
  open: async (offset) =>
    (async function* () {
      yield EMPTY.subarray(offset);
    })(),
  mountFrom: null,
};

async function open(t: TestContext, url: string) {
  const { client } = connect(t, { trust: [{ origin: url }] });
  const { host } = new URL(url);
  const reference = parseReference(`${host}/a/b`);
  const repository = registryRepository(client, reference);
  assert.equal((await repository.pushBlob(EMPTY_BLOB, calm)).how, "sent");
  assert.deepEqual(await repository.pushBlob(EMPTY_BLOB, calm), { how: "existed", bytesSent: 0 });
  return { client, host, reference, repository };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function writesAndReads({ client, host, reference, repository }: Opened): Promise<void> {
  await repository.pushManifest(upload(SUBJECT, "1.0"), calm);
  await repository.pushManifest(upload(indexSample([SUBJECT.descriptor]), "all"), calm);
  for (const key of ["1.0", SUBJECT.digest]) {
    assert.deepEqual(await repository.resolve(key, calm), { ...SUBJECT.descriptor, annotations: {} });
  }
  assert.deepEqual((await repository.fetchDocument("1.0", calm)).bytes, SUBJECT.bytes);
  assert.equal(await repository.hasManifest(digestOf("x"), calm), false);
  assert.equal(await repository.hasManifest(SUBJECT.digest, calm), true);
  assert.equal(await repository.hasBlob({ digest: digestOf("{}"), size: 2 }, calm), true);
  assert.equal(await repository.hasBlob({ digest: digestOf("x"), size: 1 }, calm), false);
  const [first = ""] = await client.listTags(reference, calm, { limit: 1 });
  const others = await client.listTags(reference, calm, { last: first });
  assert.deepEqual([first, ...others].toSorted(), ["1.0", "all"]);
  assert.deepEqual(await client.listCatalog(host, calm), ["a/b"]);
  const orphan = manifestSample({ layers: [{ mediaType: "a/b", digest: digestOf("missing"), size: 7 }] });
  await assert.rejects(repository.pushManifest(upload(orphan, "2"), calm), (error) => hasCode(error, "LAYER_MISSING"));
}

async function refers({ client, reference, repository }: Opened, listedBy: "registry" | "tag"): Promise<void> {
  for (const note of NOTES) assert.deepEqual(await client.putManifest(reference, upload(note), calm), { listedBy });
  const list = async (artifactType: string | null = null) =>
    (await repository.listReferrers(SUBJECT.digest, { artifactType }, calm)).map(({ digest }) => digest);
  assert.deepEqual((await list()).toSorted(), NOTES.map(({ digest }) => digest).toSorted());
  assert.deepEqual(await list("text/other"), [NOTES[1].digest]);
  await repository.deleteManifest(NOTES[0].digest, calm);
  assert.deepEqual(await list(), [NOTES[1].digest]);
  await repository.deleteManifest(NOTES[1].digest, calm);
  assert.deepEqual(await list(), []);
}

test("docker-registry takes what the client writes, and its referrers by the fallback tag", async (t) => {
  const registry = await startDockerRegistry();
  if (registry === null) return t.skip("docker-registry is not installed");
  t.after(() => registry.stop());
  const opened = await open(t, registry.url);
  await writesAndReads(opened);
  await refers(opened, "tag");
  const tag = `sha256-${digestHex(SUBJECT.digest)}`;
  await assert.rejects(opened.repository.resolve(tag, calm), (error) => hasCode(error, "HTTP_NOT_FOUND"));
  // This one deletes by digest alone.
  await assert.rejects(opened.repository.deleteManifest("1.0", calm), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  await opened.repository.deleteManifest(SUBJECT.digest, calm);
  await assert.rejects(opened.repository.resolve("1.0", calm), (error) => hasCode(error, "HTTP_NOT_FOUND"));
  await opened.repository.deleteBlob(digestOf("{}"), calm);
  assert.equal(await opened.repository.hasBlob({ digest: digestOf("{}"), size: 2 }, calm), false);
});

test("docker-registry loses no referrer when several clients write at the same time", async (t) => {
  const registry = await startDockerRegistry();
  if (registry === null) return t.skip("docker-registry is not installed");
  t.after(() => registry.stop());
  const { client, reference, repository } = await open(t, registry.url);
  await repository.pushManifest(upload(SUBJECT, "1"), calm);
  const notes = Array.from({ length: 12 }, (_, number) => noteOn(SUBJECT, String(number)));
  await Promise.all(notes.map((note) => client.putManifest(reference, upload(note), calm)));
  const found = await repository.listReferrers(SUBJECT.digest, { artifactType: null }, calm);
  assert.deepEqual(found.map(({ digest }) => digest).toSorted(), notes.map(({ digest }) => digest).toSorted());
});

test("the embedded registry takes what the client writes, and lists its referrers itself", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "pkg-embedded-"));
  const server = await startRegistry({ root, port: 0 });
  t.after(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const opened = await open(t, server.url);
  await writesAndReads(opened);
  await refers(opened, "registry");
  await opened.repository.deleteManifest("1.0", calm);
  assert.equal(await opened.repository.hasManifest(SUBJECT.digest, calm), true);
});
