import type { StreamHash } from "../base/hashes.ts";
import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import { createStreamHash } from "../base/stream-hash.ts";
import { PkgError } from "../errors.ts";
import { BlobSenders, worthAskingAgain } from "./blob-senders.ts";
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

/** So much of a blob is held back as a whole where others may have it too: if it is wrong, nobody has seen any of it. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/**
 * A blob's bytes as one stream, resumed where its source breaks off. The last chunk is held back until size and digest
 * match: a reader that reaches the end has read the right content. What others may have as well is asked of them if it is
 * wrong; a reader that has seen some of it by then has to read again (askingAgain()).
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
  const senders = new BlobSenders();
  // Terminates: each sender is refused once.
  for (;;) {
    let isBegun = false;
    try {
      for await (const chunk of readOnce(source, blob, { ...options, senders })) {
        isBegun = true;
        yield chunk;
      }
      return;
    } catch (error) {
      const judged = senders.refuse(error);
      if (judged !== null) throw judged;
      if (isBegun) throw worthAskingAgain(error);
    }
  }
}

async function* readOnce(
  source: Pick<Source, "openBlob">,
  blob: BlobAddress,
  options: VerifiedBlobOptions & { readonly senders: BlobSenders },
): AsyncGenerator<Uint8Array> {
  const { senders } = options;
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
    onStream: (stream) => senders.note(stream),
  });
  let held: Uint8Array[] = [];
  try {
    for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) {
      await hash?.update(chunk);
      const unwanted = Math.max(0, wanted - (reading.position - chunk.byteLength));
      const part = chunk.subarray(Math.min(chunk.byteLength, unwanted));
      const isAllHeld = senders.areOthers && reading.position - start <= MAX_HELD_BYTES;
      if (!isAllHeld) {
        yield* held;
        held = [];
      }
      if (part.byteLength === 0) continue;
      if (!isAllHeld && blob.size !== null && reading.position < blob.size) yield part;
      // A copy, because the source may reuse the chunk's memory while it is held back.
      else held.push(new Uint8Array(part));
    }
    if (hash !== null) await checkHash(blob, hash);
  } finally {
    hash?.close();
    await reading.close();
  }
  yield* held;
}

async function checkHash({ digest }: BlobAddress, hash: StreamHash): Promise<void> {
  const algorithm = digestAlgorithm(digest);
  const found = (await hash.digest())[algorithm];
  if (found === digestHex(digest)) return;
  throw new PkgError("DIGEST_MISMATCH", `Cannot use blob: expected digest "${digest}", found "${algorithm}:${found}"`, {
    hint: "The content read is not what was requested; try again, or use another source",
  });
}
