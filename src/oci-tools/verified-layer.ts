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
  { layer, id }: LayerToRead,
): AsyncGenerator<Uint8Array> {
  const { digest, size } = layer;
  let bytes = 0;
  for await (const chunk of verifiedBlob(source, { digest, size }, { retry, signal })) {
    bytes += chunk.byteLength;
    emit({ kind: "task-progress", id, bytes, totalBytes: size });
    yield chunk;
  }
}
