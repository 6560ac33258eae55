import { createMultiHash, type MultiHash } from "../base/hashes.ts";
import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, Source } from "./content.ts";
import { digestAlgorithm, digestHex } from "./digest.ts";
import { isLocal } from "./local-target.ts";
import { ResumedBlob } from "./resumed-blob.ts";

/** How a blob is read. */
export interface VerifiedBlobOptions {
  /** Bytes at the beginning that are not wanted; default 0. */
  readonly offset?: number;
  /** How a stream that breaks off is resumed; attempts and time count anew after progress. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Default: nothing interrupts. */
  readonly signal?: AbortSignal;
}

/**
 * A blob's bytes as one stream, resumed where its source breaks off. The last chunk is held back until size and digest
 * are right: a reader that comes to the end has read what was asked for.
 *
 * From an offset on, a local source is read and hashed from its start. A registry is asked for the rest alone, of which
 * only the size can be checked: the reader, who has the bytes before it, has to hash the whole.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, HTTP_UNEXPECTED, INTERRUPTED, and those of Source.openBlob
 */
export async function* verifiedBlob(
  source: Source,
  blob: BlobAddress,
  options: VerifiedBlobOptions = {},
): AsyncGenerator<Uint8Array> {
  const wanted = options.offset ?? 0;
  const start = wanted > 0 && !isLocal(source) ? wanted : 0;
  const hash = start === 0 ? createMultiHash([digestAlgorithm(blob.digest)]) : null;
  const reading = new ResumedBlob({
    open: (position, signal) => source.openBlob(blob, position, signal),
    what: `blob "${blob.digest}"`,
    size: blob.size,
    start: { offset: start, validator: null },
    retry: options.retry ?? DEFAULT_RETRY,
    signal: options.signal ?? uninterrupted(),
  });
  let held: Uint8Array | null = null;
  try {
    for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) {
      hash?.update(chunk);
      const unwanted = Math.max(0, wanted - (reading.position - chunk.byteLength));
      const part = chunk.subarray(Math.min(chunk.byteLength, unwanted));
      if (held !== null) yield held;
      held = null;
      if (part.byteLength === 0) continue;
      if (blob.size !== null && reading.position < blob.size) yield part;
      // A copy: the source may use the same memory for what follows, while this waits.
      else held = new Uint8Array(part);
    }
    if (hash !== null) checkHash(blob, hash);
  } finally {
    await reading.close();
  }
  if (held !== null) yield held;
}

function checkHash({ digest }: BlobAddress, hash: MultiHash): void {
  const algorithm = digestAlgorithm(digest);
  const found = hash.digest()[algorithm];
  if (found === digestHex(digest)) return;
  throw new PkgError("DIGEST_MISMATCH", `Cannot use blob: expected digest "${digest}", found "${algorithm}:${found}"`, {
    hint: "What was read is not what was asked for; try again, or use another source",
  });
}
