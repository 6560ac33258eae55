import type { StreamHash } from "../base/hashes.ts";
import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import { createStreamHash } from "../base/stream-hash.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, Source } from "./content.ts";
import { digestAlgorithm, digestHex } from "./digest.ts";
import { isLocal } from "./local-target.ts";
import { ResumedBlob } from "./resumed-blob.ts";

/** How a blob is read. */
export interface VerifiedBlobOptions {
  /** How many bytes to skip at the start; default 0. */
  readonly offset?: number;
  /** The most bytes that are taken of a blob whose size is not known beforehand; default 10 GiB. */
  readonly maxBytes?: number;
  /** How an interrupted stream is resumed; progress resets attempts and time. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Default: never aborted. */
  readonly signal?: AbortSignal;
}

/**
 * A blob's bytes as one stream, resumed where its source breaks off. The last chunk is held back until size and digest
 * match: a reader that reaches the end has read the right content.
 *
 * With an offset, a local source is still read and hashed from its start. From a registry, only the rest is requested,
 * and only its size can be checked: the reader, who has the earlier bytes, must hash the whole blob.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, BODY_TOO_LARGE, HTTP_UNEXPECTED, INTERRUPTED, and those of
 * Source.openBlob
 */
export async function* verifiedBlob(
  source: Pick<Source, "openBlob">,
  blob: BlobAddress,
  options: VerifiedBlobOptions = {},
): AsyncGenerator<Uint8Array> {
  const wanted = options.offset ?? 0;
  const start = wanted > 0 && !isLocal(source) ? wanted : 0;
  const hash = start === 0 ? createStreamHash([digestAlgorithm(blob.digest)], blob.size) : null;
  const reading = new ResumedBlob({
    open: (position, signal) => source.openBlob(blob, position, signal),
    what: `blob "${blob.digest}"`,
    size: blob.size,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    start: { offset: start, validator: null },
    retry: options.retry ?? DEFAULT_RETRY,
    signal: options.signal ?? uninterrupted(),
  });
  let held: Uint8Array | null = null;
  try {
    for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) {
      await hash?.update(chunk);
      const unwanted = Math.max(0, wanted - (reading.position - chunk.byteLength));
      const part = chunk.subarray(Math.min(chunk.byteLength, unwanted));
      if (held !== null) yield held;
      held = null;
      if (part.byteLength === 0) continue;
      if (blob.size !== null && reading.position < blob.size) yield part;
      // A copy, because the source may reuse the chunk's memory while it is held back.
      else held = new Uint8Array(part);
    }
    if (hash !== null) await checkHash(blob, hash);
  } finally {
    hash?.close();
    await reading.close();
  }
  if (held !== null) yield held;
}

async function checkHash({ digest }: BlobAddress, hash: StreamHash): Promise<void> {
  const algorithm = digestAlgorithm(digest);
  const found = (await hash.digest())[algorithm];
  if (found === digestHex(digest)) return;
  throw new PkgError("DIGEST_MISMATCH", `Cannot use blob: expected digest "${digest}", found "${algorithm}:${found}"`, {
    hint: "The content read is not what was requested; try again, or use another source",
  });
}
