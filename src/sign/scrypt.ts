import { scrypt } from "node:crypto";

/** How dear it is to try a passphrase, in libsodium's words. */
export interface ScryptLimits {
  readonly opslimit: bigint;
  /** Bytes. */
  readonly memlimit: bigint;
}

interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** What minisign protects every key with: 1 GiB, some seconds. */
export const SENSITIVE: ScryptLimits = { opslimit: 2n ** 25n, memlimit: 2n ** 30n };

const MIN_OPSLIMIT = 32768n;
const BLOCK_SIZE = 8n;
const BYTES_PER_BLOCK = 128n * BLOCK_SIZE;
const MAX_N_LOG2 = 63n;
/** Blocks in memory at a time: the 1 GiB of SENSITIVE, and a little. */
const MAX_BLOCKS = 2n ** 20n + 2n ** 10n;
/** Blocks mixed: four times those of SENSITIVE. */
const MAX_MIXED = 2n ** 22n;
/** What OpenSSL counts beside the blocks. */
const SPARE_BYTES = 2n ** 20n;

/**
 * N, r and p for the two limits; null where they ask for more than 1 GiB, or for four times the work of SENSITIVE: a
 * file must not decide how much of this machine it takes.
 *
 * @see libsodium, crypto_pwhash_scryptsalsa208sha256, pickparams()
 */
export function scryptParameters({ opslimit, memlimit }: ScryptLimits): ScryptParameters | null {
  const ops = opslimit < MIN_OPSLIMIT ? MIN_OPSLIMIT : opslimit;
  const isShortOfOps = ops < memlimit / 32n;
  const cost = costFor(isShortOfOps ? ops / (BLOCK_SIZE * 4n) : memlimit / BYTES_PER_BLOCK);
  const lanes = isShortOfOps ? 1n : ops / 4n / cost / BLOCK_SIZE;
  if (cost + lanes > MAX_BLOCKS || cost * lanes > MAX_MIXED) return null;
  return { N: Number(cost), r: Number(BLOCK_SIZE), p: Number(lanes) };
}

/** The largest power of two, from 2, that is no more than `most`. */
function costFor(most: bigint): bigint {
  let log2 = 1n;
  while (log2 < MAX_N_LOG2 && 1n << log2 <= most / 2n) log2 += 1n;
  return 1n << log2;
}

export interface ScryptRequest {
  readonly passphrase: string;
  readonly salt: Uint8Array;
  readonly limits: ScryptLimits;
  readonly length: number;
}

/** `length` bytes that a passphrase and a salt lead to; null for limits that `scryptParameters` refuses. */
export async function stretch({ passphrase, salt, limits, length }: ScryptRequest): Promise<Buffer | null> {
  const parameters = scryptParameters(limits);
  if (parameters === null) return null;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const maxmem = Number(MAX_BLOCKS * BYTES_PER_BLOCK + SPARE_BYTES);
  scrypt(passphrase, salt, length, { ...parameters, maxmem }, (error, bytes) => {
    if (error === null) resolve(bytes);
    else reject(error);
  });
  return await promise;
}
