import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestHex } from "../../src/oci/digest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { BuiltPackage } from "./package-builder.ts";

/** Writes packages as one OCI image layout, which `skopeo copy oci:DIR:TAG …` reads; the tag is each package's own. */
export function writeLayout(packages: readonly BuiltPackage[], directory: string): void {
  const blobs = join(directory, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  for (const built of packages) {
    for (const [digest, bytes] of built.blobs) writeFileSync(join(blobs, digestHex(digest)), bytes);
    writeFileSync(join(blobs, digestHex(built.manifestDigest)), built.manifest);
  }
  const manifests = packages.map((built) => ({
    mediaType: OCI_MANIFEST,
    digest: built.manifestDigest,
    size: built.manifest.byteLength,
    annotations: { "org.opencontainers.image.ref.name": built.tag },
  }));
  writeFileSync(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
}

/** Pushes a package to a registry at `url` (scheme and host), under its own repository and tag. */
export async function pushPackage(built: BuiltPackage, url: string): Promise<void> {
  const base = new URL(`/v2/${built.repository}/`, url);
  for (const [digest, bytes] of built.blobs) {
    const location = await expectStatus(new URL("blobs/uploads/", base), { method: "POST" }, 202);
    const target = new URL(location.headers.get("location") ?? "", base);
    target.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    await expectStatus(target, { method: "PUT", headers, body: new Uint8Array(bytes) }, 201);
  }
  const put = { method: "PUT", headers: { "content-type": OCI_MANIFEST }, body: new Uint8Array(built.manifest) };
  await expectStatus(new URL(`manifests/${built.tag}`, base), put, 201);
}

async function expectStatus(url: URL, init: RequestInit, expected: number): Promise<Response> {
  const response = await fetch(url, init);
  const body = await response.text();
  if (response.status === expected) return response;
  throw new Error(`Cannot push: "${init.method} ${url}" answered ${response.status}, expected ${expected}: ${body}`);
}
