import {
  createMultiHash,
  type HashAlgorithm,
  type Hashes,
  HashThreadLost,
  type MultiHash,
  type StreamHash,
} from "./hashes.ts";

/** From this size on, in bytes, another thread helps: it takes some 30 ms of a processor to start. */
export const THREAD_BYTES = 32 * 1024 * 1024;

/**
 * Starts hashing a stream with each of `algorithms`; on two threads when it is large.
 *
 * @param bytes of the stream; null: unknown, which counts as few
 */
export function createStreamHash(algorithms: readonly HashAlgorithm[], bytes: number | null): StreamHash {
  const other = onOtherThread(algorithms);
  if ((bytes ?? 0) < THREAD_BYTES || other.length === 0) return onThisThread(algorithms);
  const own = algorithms.filter((algorithm) => !other.includes(algorithm));
  return onTwoThreads(createMultiHash(own), beginElsewhere(other));
}

/** Content that can be read more than once. */
export interface Rereadable {
  /** In bytes, as far as it is known beforehand. */
  readonly bytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** Several hashes of all of some content. @throws what `read` throws */
export async function hashContent({ bytes, read }: Rereadable, algorithms: readonly HashAlgorithm[]): Promise<Hashes> {
  const hash = createStreamHash(algorithms, bytes);
  try {
    for await (const chunk of read()) await hash.update(chunk);
    return await hash.digest();
  } catch (error) {
    if (!(error instanceof HashThreadLost)) throw error;
    return await hashContent({ bytes, read }, algorithms);
  } finally {
    hash.close();
  }
}

/**
 * To receive and write bytes takes as long as SHA-256 of them, and BLAKE2b as long as both. So the other thread has whatever is to be
 * made, but for SHA-256 beside BLAKE2b.
 */
function onOtherThread(algorithms: readonly HashAlgorithm[]): readonly HashAlgorithm[] {
  return algorithms.includes("blake2b512") ? algorithms.filter((algorithm) => algorithm !== "sha256") : algorithms;
}

async function beginElsewhere(algorithms: readonly HashAlgorithm[]): Promise<StreamHash> {
  const { beginThreadHash } = await import("./hash-thread.ts");
  return beginThreadHash(algorithms) ?? onThisThread(algorithms);
}

function onThisThread(algorithms: readonly HashAlgorithm[]): StreamHash {
  const hash = createMultiHash(algorithms);
  return { update: async (chunk) => hash.update(chunk), digest: async () => hash.digest(), close: () => {} };
}

function onTwoThreads(own: MultiHash, other: Promise<StreamHash>): StreamHash {
  // Awaited by the first update; until then a failure must not count as unhandled.
  other.catch(() => {});
  return {
    async update(chunk) {
      const elsewhere = await other;
      const given = elsewhere.update(chunk);
      own.update(chunk);
      await given;
    },
    digest: async () => ({ ...(await (await other).digest()), ...own.digest() }),
    close: () =>
      void other.then(
        (elsewhere) => elsewhere.close(),
        () => {},
      ),
  };
}
