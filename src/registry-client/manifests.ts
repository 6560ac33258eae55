import { asObject, parseJsonOrNull } from "../base/json.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { RawDocument } from "../oci/content.ts";
import { type Digest, digestOf, parseDigest } from "../oci/digest.ts";
import {
  checkDigest,
  type ManifestDocument,
  parseManifestDocument,
  refuseWebPage,
  sentMediaType,
  writtenMediaType,
} from "../oci/manifest.ts";
import { documentKind, MANIFEST_ACCEPT, OCI_MANIFEST } from "../oci/media-types.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";
import { registryError, withSource } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** Accepts every type, and the known ones by name for registries that answer 404 if the stored type is not listed. */
export const ANY_MANIFEST_ACCEPT = `${MANIFEST_ACCEPT}, */*`;

/** A request for a manifest from one endpoint. */
export interface ManifestRequest {
  readonly endpoint: Endpoint;
  readonly reference: Reference;
  readonly signal: AbortSignal;
}

/**
 * Reads the manifest that a reference names from one endpoint, by digest if it has one, else by tag.
 *
 * @throws {PkgError} REFERENCE_INVALID without tag and digest; NOT_A_REGISTRY, MANIFEST_INVALID, DIGEST_MISMATCH,
 * BODY_TOO_LARGE, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Pulling manifests"
 */
export async function readManifest(sender: RequestSender, request: ManifestRequest): Promise<ManifestDocument> {
  const { response, bytes } = await readBytes(sender, request, MANIFEST_ACCEPT);
  return blaming(response, () => {
    const document = parseManifestDocument(bytes, response.header("content-type"), request.reference.digest);
    checkAnnounced(bytes, response);
    return document;
  });
}

/**
 * Reads the document that a reference names from one endpoint, whatever its media type.
 *
 * @throws {PkgError} MANIFEST_INVALID if its own media type differs from the Content-Type; as readManifest
 */
export async function readRawDocument(sender: RequestSender, request: ManifestRequest): Promise<RawDocument> {
  const { response, bytes } = await readBytes(sender, request, ANY_MANIFEST_ACCEPT);
  return blaming(response, () => {
    const contentType = response.header("content-type");
    refuseWebPage(bytes, contentType);
    const digest = request.reference.digest ?? announcedDigest(response) ?? digestOf(bytes);
    checkDigest(bytes, digest);
    checkAnnounced(bytes, response);
    return { mediaType: documentType(bytes, sentMediaType(contentType)), digest, bytes };
  });
}

/** The key of a manifest request: the reference's digest, else its tag. @throws {PkgError} REFERENCE_INVALID */
export function manifestKey(reference: Reference): string {
  const key = reference.digest ?? reference.tag;
  if (key !== null) return key;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${formatReference(reference)}": it has no tag and no digest`, {
    hint: `Add a tag: ${formatReference(reference)}:TAG`,
  });
}

async function readBytes(
  sender: RequestSender,
  request: ManifestRequest,
  accept: string,
): Promise<{ readonly response: HttpResponse; readonly bytes: Buffer }> {
  const { reference } = request;
  const path = `manifests/${manifestKey(reference)}`;
  const response = await sender.send({ ...request, path, headers: { accept } });
  if (response.status !== 200) {
    const error = await registryError(response, `fetch manifest "${formatReference(reference)}"`);
    throw withTags(error, reference);
  }
  return { response, bytes: await response.readBytes(MAX_MANIFEST_BYTES) };
}

/** Adds a hint on how to list the existing tags. */
function withTags(error: PkgError, reference: Reference): PkgError {
  if (error.code !== "HTTP_NOT_FOUND" || reference.digest !== null || error.hint !== undefined) return error;
  const repository = formatReference({ ...reference, tag: null });
  return new PkgError(error.code, error.message, {
    hint: `\`pkg oci tags ${repository}\` lists the existing tags`,
    cause: error.cause,
  });
}

/** Runs `check` and names the server in its error. */
function blaming<T>(response: HttpResponse, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof PkgError ? withSource(error, response) : error;
  }
}

/** Null if there is none, or one of an algorithm that is not known here and so says nothing. */
function announcedDigest(response: HttpResponse): Digest | null {
  const announced = response.header("docker-content-digest")?.trim().toLowerCase() ?? "";
  return /^(?:sha256|sha512):/.test(announced) ? parseDigest(announced) : null;
}

function checkAnnounced(bytes: Buffer, response: HttpResponse): void {
  const announced = announcedDigest(response);
  if (announced !== null) checkDigest(bytes, announced);
}

/** The media type in the Content-Type, else the one in the document, else the one that fits its fields. */
function documentType(bytes: Buffer, sent: string | null): string {
  const document = asObject(parseJsonOrNull(bytes));
  if (document === null) return sent ?? "application/octet-stream";
  const written = writtenMediaType(document);
  if (typeof document["mediaType"] !== "string" || written === null) return sent ?? written ?? OCI_MANIFEST;
  // One document must not be readable under two types (CVE-2021-41190).
  const isKnown = documentKind(written) !== null || (sent !== null && documentKind(sent) !== null);
  if (sent !== null && sent !== written && isKnown) {
    throw new PkgError(
      "MANIFEST_INVALID",
      `Cannot use manifest: its mediaType is "${written}" and it was sent as "${sent}"`,
    );
  }
  return sent ?? written;
}
