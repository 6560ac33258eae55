import { join } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { type HashAlgorithm, type Hashes, hashHex } from "../base/hashes.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { RetryPolicy, Sleep } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobPosition, BlobStream } from "../oci/content.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { type ReceiveRequest, type Receiver, receiveBlob } from "../oci/receive-blob.ts";
import { ResumedBlob } from "../oci/resumed-blob.ts";

/** A complete blob whose bytes match its digest. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** The requested hashes and the digest's own. */
  readonly hashes: Hashes;
}

/** Opens a blob's bytes from `offset` on: a single attempt, the store retries. */
export type BlobSource = (request: BlobPosition & { readonly signal: AbortSignal }) => Promise<BlobStream>;

/** A blob to fetch, with its limits. */
export interface IngestRequest {
  readonly digest: Digest;
  /** What is being received, for messages; default: the blob, by its digest. */
  readonly what?: string;
  /** The size that the blob must have, in bytes; null if unknown. */
  readonly size: number | null;
  /** The maximum number of bytes accepted, whatever the server sends. */
  readonly maxBytes: number;
  readonly hashes: readonly HashAlgorithm[];
  readonly source: BlobSource;
  readonly signal: AbortSignal;
  /** Called with the bytes held so far, including resumed ones; with 0 if a failure leaves nothing for the next run. */
  readonly onProgress?: OnProgress;
}

/** Content at a URL whose digest is not known beforehand. */
export interface IngestDownloadRequest extends Omit<IngestRequest, "digest" | "size" | "what"> {
  /** The URL, which identifies the partial file of an incomplete download. */
  readonly address: string;
  /** What is being received, for messages. */
  readonly what: string;
}

/** A complete download; its content is not verified. */
export type StoredDownload = Omit<StoredBlob, "digest">;

/** What ingest() needs from the store. */
export interface IngestContext {
  readonly partialDirectory: string;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Durably renames a finished file to its digest's path. */
  readonly publish: (path: string, digest: Digest) => Promise<void>;
}

/**
 * Streams one blob into a partial file, hashing while it writes and resuming where it breaks off, and publishes it once
 * size and digest match.
 *
 * @throws {PkgError} BODY_TOO_LARGE before anything is requested; as receiveBlob, and whatever the source throws
 */
export async function ingest(context: IngestContext, request: IngestRequest): Promise<StoredBlob> {
  const { digest, what = `blob "${digest}"` } = request;
  refuseOversized({ ...request, what });
  const received = await receive(context, {
    ...request,
    what,
    partial: blobPartial(context, digest),
    place: (path) => context.publish(path, digest),
  });
  return { digest, ...received };
}

/**
 * Streams the content of a URL into a partial file, as ingest() does, and passes it to `place`. A partial file is
 * resumed only if its validator shows that the rest is of the same version.
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

/** The path of a blob's partial file. */
export function blobPartial({ partialDirectory }: Pick<IngestContext, "partialDirectory">, digest: Digest): string {
  return join(partialDirectory, `${digestAlgorithm(digest)}-${digestHex(digest)}`);
}

/** The path of a download's partial file. The address may contain a secret, so the file is named by its hash. */
export function downloadPartial(
  { partialDirectory }: Pick<IngestContext, "partialDirectory">,
  address: string,
): string {
  return join(partialDirectory, `download-${hashHex("sha256", Buffer.from(address))}`);
}

type Receiving = Omit<IngestRequest, "digest" | "what"> & Pick<ReceiveRequest, "digest" | "what" | "partial" | "place">;

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

function refuseOversized({ what, size, maxBytes }: Pick<Receiving, "what" | "size" | "maxBytes">): void {
  if (size === null || size <= maxBytes) return;
  throw new PkgError("BODY_TOO_LARGE", `Cannot fetch ${what}: ${byteCount(size)} exceed the limit of ${maxBytes}`);
}

function resumed(
  { retry: policy, random, sleep, onRetry }: IngestContext,
  { what, size, maxBytes, source, signal }: Receiving,
  { offset, validator, noteStream, restart }: Receiver,
): AsyncIterable<Uint8Array> {
  const told = onRetry === undefined ? {} : { onRetry };
  return new ResumedBlob({
    open: (position) => source({ ...position, signal }),
    what,
    size,
    maxBytes,
    start: { offset, validator },
    retry: { policy, random, sleep, ...told },
    signal,
    onStream: noteStream,
    onRestart: restart,
  }).chunks();
}
