import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/client.ts";
import { parseDigest } from "./digest.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Exchange } from "./exchange.ts";
import { checkDigest, MAX_MANIFEST_BYTES, type ManifestDocument, parseManifestDocument } from "./manifest.ts";
import { MANIFEST_ACCEPT } from "./media-types.ts";
import { formatReference, type Reference } from "./reference.ts";
import { registryError, withSource } from "./registry-error.ts";

/**
 * Reads the manifest a reference names from one endpoint, by digest when it has one, else by tag.
 *
 * @throws {PkgError} REFERENCE_INVALID without tag and digest; NOT_A_REGISTRY, MANIFEST_INVALID, DIGEST_MISMATCH,
 * BODY_TOO_LARGE, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Pulling manifests"
 */
export async function readManifest(
  exchange: Exchange,
  request: { readonly endpoint: Endpoint; readonly reference: Reference; readonly signal: AbortSignal },
): Promise<ManifestDocument> {
  const { reference } = request;
  const path = `manifests/${manifestKey(reference)}`;
  const response = await exchange.get({ ...request, path, headers: { accept: MANIFEST_ACCEPT } });
  if (response.status !== 200) throw await registryError(response, `fetch manifest "${formatReference(reference)}"`);
  const bytes = await response.readBytes(MAX_MANIFEST_BYTES);
  try {
    return checkedDocument(bytes, response, reference);
  } catch (error) {
    throw error instanceof PkgError ? withSource(error, response) : error;
  }
}

function checkedDocument(bytes: Buffer, response: HttpResponse, reference: Reference): ManifestDocument {
  const document = parseManifestDocument(bytes, response.header("content-type"), reference.digest);
  const announced = response.header("docker-content-digest");
  if (announced !== null) checkDigest(bytes, parseDigest(announced));
  return document;
}

function manifestKey(reference: Reference): string {
  const key = reference.digest ?? reference.tag;
  if (key !== null) return key;
  throw new PkgError("REFERENCE_INVALID", `Cannot fetch "${formatReference(reference)}": it has no tag and no digest`, {
    hint: `Add a tag: ${formatReference(reference)}:TAG`,
  });
}
