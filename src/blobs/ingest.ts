import { join } from "node:path";
import { type HashAlgorithm, type Hashes, hashHex } from "../base/hashes.ts";
import type { RetryPolicy, Sleep } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobPosition, BlobStream } from "../oci/content.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { type ReceiveRequest, type Receiver, receiveBlob } from "../oci/receive-blob.ts";
import { ResumedBlob } from "../oci/resumed-blob.ts";

/** A blob that is whole and whose bytes hash to its digest. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Those asked for, and the digest's own. */
  readonly hashes: Hashes;
}

/** Opens a blob's bytes from `offset` on: one attempt, the store retries. */
export type BlobSource = (request: BlobPosition & { readonly signal: AbortSignal }) => Promise<BlobStream>;

export interface IngestRequest {
  readonly digest: Digest;
  /** Bytes the blob must have; null when unknown. */
  readonly size: number | null;
  /** Bytes taken at most, whatever the server sends. */
  readonly maxBytes: number;
  readonly hashes: readonly HashAlgorithm[];
  readonly source: BlobSource;
  readonly signal: AbortSignal;
  /** Told the bytes held so far, resumed ones included. */
  readonly onProgress?: (bytes: number) => void;
}

/** Content at an address, whose digest nobody knows beforehand. */
export interface IngestDownloadRequest extends Omit<IngestRequest, "digest" | "size"> {
  /** Its partial file is kept under this until the content is whole. */
  readonly address: string;
  /** What is received, for messages. */
  readonly what: string;
}

/** A download that is whole; nothing of it is verified. */
export type StoredDownload = Omit<StoredBlob, "digest">;

export interface IngestContext {
  readonly partialDirectory: string;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Renames a finished file to where its digest belongs, durably. */
  readonly publish: (path: string, digest: Digest) => Promise<void>;
}

/**
 * Streams one blob into a partial file, hashing while it writes, resumed where it breaks off, and publishes it once size
 * and digest agree.
 *
 * @throws {PkgError} BODY_TOO_LARGE before anything is asked for; as receiveBlob, and whatever the source throws
 */
export async function ingest(context: IngestContext, request: IngestRequest): Promise<StoredBlob> {
  const { digest } = request;
  refuseOversized(request);
  const received = await receive(context, {
    ...request,
    what: `blob "${digest}"`,
    partial: join(context.partialDirectory, `${digestAlgorithm(digest)}-${digestHex(digest)}`),
    place: (path) => context.publish(path, digest),
  });
  return { digest, ...received };
}

/**
 * Streams what is at an address into a partial file, as ingest does, and hands it to `place`. A first part is resumed where
 * the source says, by its validator, that the rest is of the same version.
 *
 * @throws {PkgError} as receiveBlob, and whatever source and `place` throw
 */
export function ingestDownload(
  context: IngestContext,
  request: IngestDownloadRequest,
  place: (path: string) => Promise<void>,
): Promise<StoredDownload> {
  const partial = downloadPartial(context, request.address);
  return receive(context, { ...request, digest: null, size: null, partial, place });
}

/** Where a download gathers. The address may hold a secret, so that its hash has to do for a name. */
export function downloadPartial(
  { partialDirectory }: Pick<IngestContext, "partialDirectory">,
  address: string,
): string {
  return join(partialDirectory, `download-${hashHex("sha256", Buffer.from(address))}`);
}

type Receiving = Omit<IngestRequest, "digest"> & Pick<ReceiveRequest, "digest" | "what" | "partial" | "place">;

async function receive(context: IngestContext, request: Receiving): Promise<StoredDownload> {
  const { digest, what, size, maxBytes, hashes: wanted, signal, onProgress, partial, place } = request;
  const { hashes, size: found } = await receiveBlob({
    ...{ digest, what, size, maxBytes, hashes: wanted, signal, partial, place },
    mode: null,
    open: async (receiver) => resumed(context, request, receiver),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { size: found, hashes };
}

function refuseOversized({ digest, size, maxBytes }: IngestRequest): void {
  if (size === null || size <= maxBytes) return;
  throw new PkgError("BODY_TOO_LARGE", `Cannot fetch blob "${digest}": ${size} bytes exceed the limit of ${maxBytes}`);
}

function resumed(
  { retry: policy, random, sleep, onRetry }: IngestContext,
  { what, size, source, signal }: Receiving,
  { offset, validator, noteStream, restart }: Receiver,
): AsyncIterable<Uint8Array> {
  const told = onRetry === undefined ? {} : { onRetry };
  return new ResumedBlob({
    open: (position) => source({ ...position, signal }),
    what,
    size,
    start: { offset, validator },
    retry: { policy, random, sleep, ...told },
    signal,
    onStream: noteStream,
    onRestart: restart,
  }).chunks();
}
