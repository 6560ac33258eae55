import { createHash, hash } from "node:crypto";
import { Blake2BHasher, Blake2BParam, Blake3Hasher } from "@napi-rs/blake-hash";

/** Every hash a package may be checked against. */
export type HashAlgorithm = "sha256" | "sha512" | "blake3" | "blake2b512";

/** Finished hashes, lower-case hex, of the algorithms that were asked for. */
export type Hashes = Readonly<Partial<Record<HashAlgorithm, string>>>;

/** Several hashes of one stream, computed in one pass over its bytes. */
export interface MultiHash {
  update(chunk: Uint8Array): void;
  /** Ends the stream; may be called once. */
  digest(): Hashes;
}

/** One hash of one stream. */
export interface Hasher {
  update(chunk: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/** Starts hashing a stream with each of `algorithms`. */
export function createMultiHash(algorithms: readonly HashAlgorithm[]): MultiHash {
  const hashers = algorithms.map((algorithm) => [algorithm, createHasher(algorithm)] as const);
  return {
    update(chunk) {
      for (const [, hasher] of hashers) hasher.update(chunk);
    },
    digest: () => Object.fromEntries(hashers.map(([algorithm, hasher]) => [algorithm, hasher.digest("hex")])),
  };
}

/** Several hashes of one stream, which need not all be made on this thread. */
export interface StreamHash {
  /** Waits until the chunk's memory may be used again. @throws {HashThreadLost} */
  update(chunk: Uint8Array): Promise<void>;
  /** Ends the stream; may be called once. @throws {HashThreadLost} */
  digest(): Promise<Hashes>;
  /** Must be called for a stream that does not come to its end; may be called for any. */
  close(): void;
}

/**
 * The thread that hashes has ended in the middle of a stream, which has to be hashed again from its start. No other one is started: that
 * of a thread that ran is the only reason to end.
 */
export class HashThreadLost extends Error {
  readonly code = "ERR_WORKER_OUT_OF_MEMORY";

  constructor(cause: unknown) {
    super("The thread that hashes has ended", { cause });
  }
}

/** A stream that is hashed while it is read. */
export interface HashedStream {
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Bytes read so far. */
  readonly size: () => number;
  /** Lower-case hex; may be called only once, after the stream has been read to its end. */
  readonly hex: () => string;
}

/** The same stream, hashed and counted on the way. */
export function hashStream(source: AsyncIterable<Uint8Array>, algorithm: HashAlgorithm): HashedStream {
  const hasher = createHasher(algorithm);
  let size = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hasher.update(chunk);
      size += chunk.byteLength;
      yield chunk;
    }
  }
  return { chunks: chunks(), size: () => size, hex: () => hasher.digest("hex") };
}

/** Lower-case hex of one hash over `bytes`. */
export function hashHex(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  // Nothing is made for it that would be garbage.
  if (algorithm === "sha256") return hash("sha256", bytes, "hex");
  const hasher = createHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest("hex");
}

/** SHA-256 over `bytes`, a byte in each character: the quickest for many short ones. */
export function sha256Latin1(bytes: Uint8Array): string {
  return hash("sha256", bytes, "latin1");
}

const BLAKE2B_256_BYTES = 32;

/** The 32 bytes of BLAKE2b-256. It is not the start of BLAKE2b-512, and Node's OpenSSL does not offer it. */
export function blake2b256(bytes: Buffer): Buffer {
  const parameters = new Blake2BParam();
  parameters.hashLength(BLAKE2B_256_BYTES);
  return Blake2BHasher.withParams(parameters).update(bytes).digestBuffer();
}

/** Starts one hash of a stream. */
export function startHash(algorithm: HashAlgorithm): Hasher {
  return createHasher(algorithm);
}

/** BLAKE2b is an eighth quicker there than in OpenSSL, and of a signed file it takes as long as all else. */
function createHasher(algorithm: HashAlgorithm): Hasher {
  if (algorithm === "blake3") return ofBuffers(new Blake3Hasher());
  return algorithm === "blake2b512" ? ofBuffers(new Blake2BHasher()) : createHash(algorithm);
}

/** The native hashers take Buffers only, so any other array is passed as a view of the same memory. */
function ofBuffers(hasher: { update(chunk: Buffer): unknown; digest(encoding: "hex"): string }): Hasher {
  return {
    update: (chunk) =>
      hasher.update(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    digest: () => hasher.digest("hex"),
  };
}
