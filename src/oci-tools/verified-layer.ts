import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";

/** What is needed to read a blob and tell of its progress. */
export interface ReadTools {
  readonly source: Source;
  readonly emit: EmitEvent;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

export interface LayerToRead {
  readonly layer: BlobAddress;
  /** The task that its progress is told of. */
  readonly id: string;
}

/**
 * The bytes of a layer or config, with their progress; the last of them come only when all hash to the digest.
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
