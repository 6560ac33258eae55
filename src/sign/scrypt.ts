import { scrypt } from "node:crypto";
import { withDefaultSignals } from "../base/default-signals.ts";

/** How costly it is to try a passphrase, in libsodium's terms. */
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

/** The limits that minisign uses for every key: 1 GiB of memory, some seconds. */
export const SENSITIVE: ScryptLimits = { opslimit: 2n ** 25n, memlimit: 2n ** 30n };

const MIN_OPSLIMIT = 32768n;
const BLOCK_SIZE = 8n;
const BYTES_PER_BLOCK = 128n * BLOCK_SIZE;
const MAX_N_LOG2 = 63n;
/** Blocks in memory at a time: the 1 GiB of SENSITIVE, and a little more. */
const MAX_BLOCKS = 2n ** 20n + 2n ** 10n;
/** Blocks mixed in total: four times those of SENSITIVE. */
const MAX_MIXED = 2n ** 22n;
/** Memory that OpenSSL counts in addition to the blocks. */
const SPARE_BYTES = 2n ** 20n;

/**
 * N, r and p for the two limits; null when they ask for more than 1 GiB, or for more than four times the work of SENSITIVE: a
 * file must not decide how much of this machine it uses.
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

/** The largest power of two, at least 2, that is at most `most`. */
function costFor(most: bigint): bigint {
  let log2 = 1n;
  while (log2 < MAX_N_LOG2 && 1n << log2 <= most / 2n) log2 += 1n;
  return 1n << log2;
}

/** A passphrase to derive bytes from. */
export interface ScryptRequest {
  readonly passphrase: string;
  readonly salt: Uint8Array;
  readonly limits: ScryptLimits;
  /** Bytes. */
  readonly length: number;
}

/**
 * Derives `length` bytes from a passphrase and a salt, in seconds; null for limits that `scryptParameters` refuses. Nothing
 * can stop the work, so that a signal ends the process meanwhile: to be called before anything is begun that has to be cleaned up.
 */
export async function stretch({ passphrase, salt, limits, length }: ScryptRequest): Promise<Buffer | null> {
  const parameters = scryptParameters(limits);
  if (parameters === null) return null;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const maxmem = Number(MAX_BLOCKS * BYTES_PER_BLOCK + SPARE_BYTES);
  scrypt(passphrase, salt, length, { ...parameters, maxmem }, (error, bytes) => {
    if (error === null) resolve(bytes);
    else reject(error);
  });
  const restore = withDefaultSignals();
  return await promise.finally(restore);
}
