import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { calm, connect, digestOf, MANIFEST_TYPE, manifestBytes } from "./local-registry.ts";

const BLOB = Buffer.from("0123456789".repeat(1000));
const DIGEST = digestOf(BLOB);
const MANIFEST = manifestBytes();

let registry: DockerRegistry | null = null;

before(async () => {
  registry = await startDockerRegistry();
  if (registry === null) return;
  for (const content of [BLOB, Buffer.from("x"), Buffer.from("{}")]) await pushBlob(registry.url, content);
  for (const tag of Array.from({ length: 3 }, (_, number) => `1.${number}`)) await pushManifest(registry.url, tag);
});
after(() => registry?.stop());

async function pushBlob(url: string, content: Buffer): Promise<void> {
  const begun = await fetch(`${url}/v2/a/b/blobs/uploads/`, { method: "POST" });
  const location = new URL(begun.headers.get("location") ?? "", url);
  location.searchParams.set("digest", digestOf(content));
  const done = await fetch(location, { method: "PUT", body: new Uint8Array(content) });
  assert.equal(done.status, 201);
}

async function pushManifest(url: string, tag: string): Promise<void> {
  const headers = { "content-type": MANIFEST_TYPE };
  const done = await fetch(`${url}/v2/a/b/manifests/${tag}`, {
    method: "PUT",
    headers,
    body: new Uint8Array(MANIFEST),
  });
  assert.equal(done.status, 201);
}

test("a real registry gives manifests, blobs, parts of blobs and tags", async (t) => {
  if (registry === null) return t.skip("docker-registry is not installed");
  const { client, http } = connect(t, { trust: [{ origin: registry.url }] });
  const reference = parseReference(`${registry.host}/a/b:1.1`);
  const document = await client.fetchManifest(reference, calm);
  assert.equal(document.kind === "manifest" && document.manifest.digest, digestOf(MANIFEST));
  assert.equal(http.requestCount, 1);
  assert.deepEqual(await client.fetchManifest({ ...reference, digest: digestOf(MANIFEST) }, calm), document);
  const ask = { reference, digest: DIGEST, size: BLOB.length, signal: calm };
  assert.deepEqual(await client.fetchBlob({ ...ask, maxBytes: BLOB.length }), BLOB);
  const whole = await client.openBlob({ ...ask, offset: 0, validator: null });
  await Array.fromAsync(whole.body);
  const rest = await client.openBlob({ ...ask, offset: 4321, validator: whole.validator });
  assert.equal(rest.offset, 4321);
  assert.deepEqual(Buffer.concat(await Array.fromAsync(rest.body)), BLOB.subarray(4321));
  assert.deepEqual((await client.listTags(reference, calm)).toSorted(), ["1.0", "1.1", "1.2"]);
});

test("a real registry's absences are HTTP_NOT_FOUND", async (t) => {
  if (registry === null) return t.skip("docker-registry is not installed");
  const { client } = connect(t, { trust: [{ origin: registry.url }] });
  const reference = parseReference(`${registry.host}/a/b:2.0`);
  const elsewhere = parseReference(`${registry.host}/no/such:1`);
  const isAbsent = (error: unknown) => hasCode(error, "HTTP_NOT_FOUND");
  await assert.rejects(client.fetchManifest(reference, calm), isAbsent);
  await assert.rejects(client.fetchManifest(elsewhere, calm), isAbsent);
  await assert.rejects(client.listTags(elsewhere, calm), isAbsent);
  const missing = { reference, digest: digestOf("missing"), size: null, signal: calm };
  await assert.rejects(client.openBlob({ ...missing, offset: 0, validator: null }), isAbsent);
  await assert.rejects(client.fetchBlob({ ...missing, maxBytes: 10 }), isAbsent);
});
