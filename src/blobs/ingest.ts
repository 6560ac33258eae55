import { join } from "node:path";
import type { HashAlgorithm, Hashes } from "../base/hashes.ts";
import type { RetryPolicy, Sleep } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobPosition, BlobStream } from "../oci/content.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { type Receiver, receiveBlob } from "../oci/receive-blob.ts";
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
  const { digest, size, maxBytes, hashes: wanted, signal, onProgress } = request;
  refuseOversized(request);
  const { hashes, size: found } = await receiveBlob({
    ...{ digest, size, maxBytes, hashes: wanted, signal },
    partial: join(context.partialDirectory, `${digestAlgorithm(digest)}-${digestHex(digest)}`),
    mode: null,
    open: async (receiver) => resumed(context, request, receiver),
    place: (path) => context.publish(path, digest),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { digest, size: found, hashes };
}

function refuseOversized({ digest, size, maxBytes }: IngestRequest): void {
  if (size === null || size <= maxBytes) return;
  throw new PkgError("BODY_TOO_LARGE", `Cannot fetch blob "${digest}": ${size} bytes exceed the limit of ${maxBytes}`);
}

function resumed(
  { retry: policy, random, sleep, onRetry }: IngestContext,
  { digest, size, source, signal }: IngestRequest,
  { offset, validator, noteStream, restart }: Receiver,
): AsyncIterable<Uint8Array> {
  const told = onRetry === undefined ? {} : { onRetry };
  return new ResumedBlob({
    open: (position) => source({ ...position, signal }),
    blob: { digest, size },
    start: { offset, validator },
    retry: { policy, random, sleep, ...told },
    signal,
    onStream: noteStream,
    onRestart: restart,
  }).chunks();
}
