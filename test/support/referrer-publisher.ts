import { hashHex } from "../../src/base/hashes.ts";
import { buildManifest, EMPTY_BLOB } from "../../src/oci/artifact.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { BuiltPackage } from "./package-builder.ts";

/** Attaches a document to a package in a registry that lists referrers itself, at `url`. */
export async function pushReferrer(
  built: BuiltPackage,
  url: string,
  document: { readonly type: string; readonly bytes: Buffer },
): Promise<void> {
  const { type, bytes } = document;
  const base = new URL(`/v2/${built.repository}/`, url);
  for (const blob of [EMPTY_BLOB, bytes]) {
    const begun = await send(new URL("blobs/uploads/", base), { method: "POST" });
    const target = new URL(begun.headers.get("location") ?? "", base);
    target.searchParams.set("digest", `sha256:${hashHex("sha256", blob)}`);
    await send(target, { method: "PUT", body: new Uint8Array(blob) });
  }
  const manifest = buildManifest({
    artifactType: type,
    config: null,
    layers: [{ mediaType: type, digest: sha256Digest(hashHex("sha256", bytes)), size: bytes.length, annotations: {} }],
    annotations: {},
    subject: { mediaType: OCI_MANIFEST, digest: built.manifestDigest, size: built.manifest.length, annotations: {} },
  });
  const headers = { "content-type": OCI_MANIFEST };
  await send(new URL(`manifests/${manifest.digest}`, base), {
    method: "PUT",
    headers,
    body: new Uint8Array(manifest.bytes),
  });
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  throw new Error(`Cannot attach: "${init.method} ${url}" answered ${response.status}: ${await response.text()}`);
}
