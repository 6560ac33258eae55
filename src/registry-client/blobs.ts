import { byteCount } from "../base/format-bytes.ts";
import { hasCode, PkgError } from "../errors.ts";
import { contentCoding } from "../http/content-coding.ts";
import { rangeHeaders } from "../http/range.ts";
import type { HttpResponse } from "../http/request.ts";
import type { BlobAddress } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { checkDigest } from "../oci/manifest.ts";
import type { Reference } from "../oci/reference.ts";
import { type BlobHead, readBlobHead } from "./blob-answer.ts";
import type { Endpoint } from "./endpoints.ts";
import { registryError, withSource } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** The blob to open, and from where. */
export interface OpenBlobRequest {
  readonly reference: Reference;
  readonly digest: Digest;
  /** The size of the whole blob in bytes; null if unknown. */
  readonly size: number | null;
  readonly offset: number;
  /** The validator of an earlier stream; null: none. */
  readonly validator: string | null;
  readonly signal: AbortSignal;
}

/** The blob to fetch into memory. */
export interface FetchBlobRequest {
  readonly reference: Reference;
  readonly digest: Digest;
  /** Bytes; null if unknown. */
  readonly size: number | null;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** The blob to ask about. */
export type HeadBlobRequest = Pick<OpenBlobRequest, "reference" | "digest" | "size" | "signal">;

/** A response whose headers match the request. */
export interface BlobAnswer {
  readonly response: HttpResponse;
  readonly head: BlobHead;
}

type At<T> = T & { readonly endpoint: Endpoint };

/**
 * Requests a blob from one endpoint, from an offset on.
 *
 * @throws {PkgError} NOT_A_REGISTRY, SIZE_MISMATCH, HTTP_UNEXPECTED, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Pulling blobs"
 */
export async function askForBlob(sender: RequestSender, request: At<OpenBlobRequest>): Promise<BlobAnswer> {
  const { reference, digest, offset } = request;
  const headers = { accept: "*/*", ...rangeHeaders(request, request.validator) };
  const response = await sender.send({ ...request, path: `blobs/${digest}`, headers });
  const isPartOfCoded = response.status === 206 && contentCoding(response) !== null;
  if ((response.status === 416 || isPartOfCoded) && offset > 0) {
    // Some servers refuse ranges that exist, or count them in what they compressed; the whole blob is always available.
    await response.discard();
    return askForBlob(sender, { ...request, offset: 0, validator: null });
  }
  if (response.status !== 200 && response.status !== 206) {
    throw await registryError(response, `fetch blob "${reference.registry}/${reference.name}@${digest}"`);
  }
  return { response, head: await checkedHead(response, request) };
}

/**
 * Reads a whole blob from one endpoint and verifies it.
 *
 * @throws {PkgError} BODY_TOO_LARGE over `maxBytes`; SIZE_MISMATCH, DIGEST_MISMATCH; as askForBlob
 */
export async function readBlob(sender: RequestSender, request: At<FetchBlobRequest>): Promise<Buffer> {
  const { digest } = request;
  refuseOversized(request);
  const { response, head } = await askForBlob(sender, { ...request, offset: 0, validator: null });
  const bytes = await readWhole(response, request);
  const size = request.size ?? head.size;
  if (size !== null && bytes.length !== size) throw wrongSize({ digest, size }, `${bytes.length}`);
  try {
    checkDigest(bytes, digest);
    return bytes;
  } catch (error) {
    throw error instanceof PkgError ? withSource(error, response) : error;
  }
}

/** A blob that exists; `size` in bytes, null if the server does not say. */
export interface FoundBlob {
  readonly size: number | null;
}

/**
 * Asks one endpoint whether it has a blob; null: it does not. If HEAD is refused (a presigned URL allows only GET, and
 * a refused HEAD does not say why), GET is used and its body discarded.
 *
 * @throws {PkgError} SIZE_MISMATCH if the size differs from the known one; NOT_A_REGISTRY, and those of registryError
 * and the network
 * @see OCI distribution-spec 1.1, "Checking if content exists in the registry"
 */
export async function headBlob(sender: RequestSender, request: At<HeadBlobRequest>): Promise<FoundBlob | null> {
  const { reference, digest } = request;
  const asked = { ...request, offset: 0, validator: null };
  const response = await sender.send({ ...request, method: "HEAD", path: `blobs/${digest}`, headers: {} });
  if (response.status === 429 || response.status === 503) {
    throw await registryError(response, `find blob "${reference.registry}/${reference.name}@${digest}"`);
  }
  await response.discard();
  if (response.status === 404) return null;
  if (response.status === 200) {
    const head = await checkedHead(response, asked);
    return { size: request.size ?? head.size };
  }
  try {
    const answer = await askForBlob(sender, asked);
    await answer.response.discard();
    return { size: request.size ?? answer.head.size };
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw error;
  }
}

async function checkedHead(response: HttpResponse, request: OpenBlobRequest): Promise<BlobHead> {
  try {
    return readBlobHead(response, request);
  } catch (error) {
    await response.discard();
    throw error instanceof PkgError ? withSource(error, response) : error;
  }
}

/** Reads the body up to the known size, or up to the limit. */
async function readWhole(response: HttpResponse, { digest, size, maxBytes }: FetchBlobRequest): Promise<Buffer> {
  try {
    return await response.readBytes(size ?? maxBytes, size);
  } catch (error) {
    if (size !== null && hasCode(error, "BODY_TOO_LARGE")) throw wrongSize({ digest, size }, "more", error);
    throw error;
  }
}

function refuseOversized({ digest, size, maxBytes }: FetchBlobRequest): void {
  if (size === null || size <= maxBytes) return;
  throw new PkgError(
    "BODY_TOO_LARGE",
    `Cannot fetch blob "${digest}": ${byteCount(size)} exceed the limit of ${maxBytes}`,
  );
}

function wrongSize({ digest, size }: BlobAddress, found: string, cause?: unknown): PkgError {
  return new PkgError("SIZE_MISMATCH", `Cannot fetch blob "${digest}": expected ${byteCount(size)}, found ${found}`, {
    cause,
  });
}
