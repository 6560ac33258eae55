import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";

/** What reading a blob and emitting its progress takes. */
export interface ReadTools {
  readonly source: Source;
  readonly emit: EmitEvent;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** A layer to read. */
export interface LayerToRead {
  readonly layer: BlobAddress;
  /** The most bytes that are taken of a layer of unknown size; default 10 GiB. */
  readonly maxBytes?: number;
  /** The task whose progress is emitted. */
  readonly id: string;
}

/**
 * Reads a layer or config and emits the progress; the last chunk is held back until all bytes match the digest.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; and those of the place
 */
export async function* verifiedLayer(
  { source, emit, retry, signal }: ReadTools,
  { layer, id, maxBytes }: LayerToRead,
): AsyncGenerator<Uint8Array> {
  const { digest, size } = layer;
  const limit = maxBytes === undefined ? {} : { maxBytes };
  let bytes = 0;
  let isWhole = false;
  try {
    for await (const chunk of verifiedBlob(source, { digest, size }, { retry, signal, ...limit })) {
      bytes += chunk.byteLength;
      emit({ kind: "task-progress", id, bytes, totalBytes: size });
      yield chunk;
    }
    isWhole = true;
  } finally {
    // What was written so far is of no use to the next run.
    if (!isWhole) emit({ kind: "task-progress", id, bytes: 0, totalBytes: size });
  }
}
