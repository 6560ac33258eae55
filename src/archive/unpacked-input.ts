import { type HashAlgorithm, startHash } from "../base/hashes.ts";
import { type ByteInput, ByteReader } from "./byte-reader.ts";
import { decompress } from "./compression.ts";
import { gunzipInPlace } from "./gunzip-in-place.ts";

/** What is read, and how. */
export interface UnpackRequest {
  readonly source: AsyncIterable<Uint8Array>;
  /** Whether it is packed with gzip. */
  readonly isGzip: boolean;
  /** The most bytes that may come out for each byte that went in. */
  readonly maxRatio: number;
  /** Null: nobody asks for a hash of the unpacked bytes. */
  readonly algorithm: HashAlgorithm | null;
  /** True when each piece is used up before the next one is asked for, so that they may be in the same memory. */
  readonly isTransient: boolean;
}

/** The bytes of a tar, or of a file that is compressed. */
export interface UnpackedInput {
  readonly input: ByteInput;
  /** The hash of the unpacked bytes once all have been read, in hex; null when nobody asks. May be called once. */
  readonly hex: () => string | null;
}

/** Opens what may be compressed. Reading it throws as decompress(). */
export function unpackedInput({ source, isGzip, maxRatio, algorithm, isTransient }: UnpackRequest): UnpackedInput {
  const hash = algorithm === null ? null : startHash(algorithm);
  const onBytes = (bytes: Uint8Array) => hash?.update(bytes);
  const inPlace = isGzip && isTransient ? gunzipInPlace(source, { maxRatio, onBytes }) : null;
  const input = inPlace ?? new ByteReader(decompress(source, maxRatio), onBytes);
  return { input, hex: () => hash?.digest("hex") ?? null };
}
