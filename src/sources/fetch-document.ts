import type { RetrySettings } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";

export interface DocumentRequest {
  readonly blob: BlobAddress;
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/**
 * Fetches a small file in memory, verified against its digest.
 *
 * @throws {PkgError} BODY_TOO_LARGE; as verifiedBlob
 */
export async function fetchDocument(place: Source, request: DocumentRequest): Promise<Buffer> {
  const { blob, maxBytes } = request;
  if (blob.size !== null && blob.size > maxBytes) throw tooLarge(request, blob.size);
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of verifiedBlob(place, blob, request)) {
    received += chunk.byteLength;
    if (received > maxBytes) throw tooLarge(request, received);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge({ blob, maxBytes }: DocumentRequest, bytes: number): PkgError {
  return new PkgError(
    "BODY_TOO_LARGE",
    `Cannot read blob "${blob.digest}": it has ${bytes} bytes or more, expected at most ${maxBytes}`,
  );
}
