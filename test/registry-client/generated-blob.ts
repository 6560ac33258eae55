import { createHash } from "node:crypto";
import { type Digest, parseDigest } from "../../src/oci/digest.ts";

const BLOCK_BYTES = 64 * 1024;
/** Prime, so that blocks are alike only 4 GB apart. */
const PERIOD_BYTES = 65_521;

const period = createHash("shake256", { outputLength: PERIOD_BYTES }).digest();
/** From any place in the period on there is a whole block. */
const pattern = Buffer.concat([period, period, period.subarray(0, BLOCK_BYTES - PERIOD_BYTES)]);

/** Bytes of a blob from `offset` on, which nobody has to hold: all are views of the same few. */
export function* generated(size: number, offset = 0): Generator<Buffer> {
  for (let at = offset; at < size; ) {
    const end = Math.min(at - (at % BLOCK_BYTES) + BLOCK_BYTES, size);
    const start = at % PERIOD_BYTES;
    yield pattern.subarray(start, start + end - at);
    at = end;
  }
}

export async function* generatedStream(size: number, offset = 0): AsyncGenerator<Buffer> {
  yield* generated(size, offset);
}

export function digestOf(size: number, algorithm = "sha256"): Digest {
  const hash = createHash(algorithm);
  for (const part of generated(size)) hash.update(part);
  return parseDigest(`${algorithm}:${hash.digest("hex")}`);
}
