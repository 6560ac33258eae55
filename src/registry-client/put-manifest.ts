import { byteCount } from "../base/format-bytes.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { ManifestUpload } from "../oci/content.ts";
import { digestAlgorithm, isDigest } from "../oci/digest.ts";
import { checkDigest } from "../oci/manifest.ts";
import { isHtml } from "../oci/media-types.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { foundWebPage } from "../oci/web-page.ts";
import type { Endpoint } from "./endpoints.ts";
import { readRefusal, withSource } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** A manifest to write to one endpoint. */
export interface PutManifestRequest {
  readonly endpoint: Endpoint;
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly manifest: ManifestUpload;
  /** Additional headers, e.g. `if-match`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The result of writing a manifest. */
export type PutOutcome =
  | {
      readonly kind: "written";
      /** The response's `OCI-Subject`: the registry claims to list the manifest among the referrers of that digest. */
      readonly subject: string | null;
    }
  /** The condition in `if-match` or `if-none-match` does not hold. */
  | { readonly kind: "changed" };

const SUCCESSES: readonly number[] = [200, 201, 202, 204];
const CONFLICTS: readonly number[] = [409, 412];
/** Error codes that, in response to a PUT, refer to content that the manifest names. */
const MISSING_PARTS: readonly unknown[] = ["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
/** Above this size, a refusal is likely due to the size: registries need not accept more than 4 MiB. */
const LARGE_MANIFEST_BYTES = 1024 * 1024;

/**
 * Writes a manifest to one endpoint: under its tag, and also by its digest if it has no tag or if its digest uses
 * another algorithm than the one that registries compute.
 *
 * @throws {PkgError} LAYER_MISSING if the registry lacks what the manifest names; BODY_TOO_LARGE; DIGEST_MISMATCH;
 * NOT_A_REGISTRY, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Pushing Manifests"
 */
export async function putManifest(sender: RequestSender, request: PutManifestRequest): Promise<PutOutcome> {
  const { bytes, digest, tag } = request.manifest;
  refuseOversized(request);
  checkDigest(bytes, digest);
  // When pushed by tag, a registry stores it only under its SHA-256 digest.
  const isUnusual = digestAlgorithm(digest) !== "sha256";
  if (tag !== null && isUnusual) await putUnder(sender, request, digest);
  return putUnder(sender, request, tag ?? digest);
}

async function putUnder(sender: RequestSender, request: PutManifestRequest, key: string): Promise<PutOutcome> {
  const { manifest, headers = {} } = request;
  const response = await sender.send({
    ...request,
    method: "PUT",
    path: `manifests/${key}`,
    headers: { ...headers, "content-type": manifest.mediaType },
    body: manifest.bytes,
  });
  if (CONFLICTS.includes(response.status) && request.headers !== undefined) {
    await response.discard();
    return { kind: "changed" };
  }
  if (!SUCCESSES.includes(response.status)) throw await refusal(response, request, key);
  await response.discard();
  checkAnswer(response, request, key);
  return { kind: "written", subject: response.header("oci-subject") };
}

/** A web page, or the digest of other bytes, means that the manifest was not written. */
function checkAnswer(response: HttpResponse, request: PutManifestRequest, key: string): void {
  if (isHtml(response.header("content-type")) && response.status === 200) {
    throw withSource(foundWebPage(whatOf(request, key), "a registry"), response);
  }
  const announced = response.header("docker-content-digest");
  if (announced === null || !isDigest(announced)) return;
  try {
    checkDigest(request.manifest.bytes, announced);
  } catch (error) {
    throw error instanceof PkgError ? withSource(error, response) : error;
  }
}

async function refusal(response: HttpResponse, request: PutManifestRequest, key: string): Promise<PkgError> {
  const { error, codes } = await readRefusal(response, whatOf(request, key));
  const told = (code: PkgError["code"], hint: string) =>
    new PkgError(code, error.message, {
      hint,
      cause: error,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
  const size = request.manifest.bytes.length;
  if (codes.some((known) => MISSING_PARTS.includes(known))) {
    return told("LAYER_MISSING", "Push the blobs and manifests that it names first, as pkg oci copy does");
  }
  if (response.status === 413) {
    return told("BODY_TOO_LARGE", `It has ${byteCount(size)}, which is more than this registry accepts`);
  }
  if (error.code === "SERVER_FAILED" && size >= LARGE_MANIFEST_BYTES) {
    return told(
      "SERVER_FAILED",
      `It has ${byteCount(size)}, which may be more than this registry accepts; split it up`,
    );
  }
  if (response.status === 405 || codes.includes("UNSUPPORTED")) {
    return told("HTTP_UNEXPECTED", "This registry does not accept such manifests; some accept none with a subject");
  }
  if (error.code === "HTTP_NOT_FOUND")
    return told(error.code, "Some registries require the repository to be created first");
  if (error.code === "HTTP_UNAUTHORIZED" || error.code === "HTTP_FORBIDDEN") {
    return told(error.code, `Log in with an account that may write there: pkg login ${request.reference.registry}`);
  }
  return error;
}

function refuseOversized(request: PutManifestRequest): void {
  const { bytes, tag, digest } = request.manifest;
  if (bytes.length <= MAX_MANIFEST_BYTES) return;
  throw new PkgError(
    "BODY_TOO_LARGE",
    `Cannot ${whatOf(request, tag ?? digest)}: it has ${byteCount(bytes.length)}, expected at most ${MAX_MANIFEST_BYTES}`,
    { hint: "Registries need not accept more; split it up, or move large content into a layer" },
  );
}

function whatOf({ reference }: PutManifestRequest, key: string): string {
  const name = { ...reference, tag: null, digest: null };
  return `push manifest "${formatReference(name)}${isDigest(key) ? "@" : ":"}${key}"`;
}
