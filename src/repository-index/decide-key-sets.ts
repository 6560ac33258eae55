import { formatCount } from "../base/age.ts";
import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { type KeySet, keySetText, type SignedKeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { Signer } from "../sign/signer.ts";
import { type CheckedKeySet, checkKeySets, isSameKeySet } from "../verify/key-sets.ts";
import { parseSignature, verifySignature } from "../verify/minisign.ts";

/** What the key sets of the next index are decided by. */
export interface KeySetRequest {
  /** What the index calls itself. */
  readonly repository: string;
  /** The key sets of the previous index, the one in force last; empty: this is the first index. */
  readonly previous: readonly SignedKeySet[];
  /** Public keys that may sign from now on; null: as before, at first those of the signers. */
  readonly trust: readonly string[] | null;
  /** How many of them have to sign; null: as before, at first 1. */
  readonly threshold: number | null;
  readonly signers: readonly Signer[];
  /** Signatures of the new set by others, each four lines. */
  readonly collected: readonly string[];
  /** Seconds since the epoch, for the comments of signatures. */
  readonly timestamp: number;
}

/** The key sets of the next index. */
export interface KeySets {
  readonly all: readonly SignedKeySet[];
  readonly inForce: CheckedKeySet;
  /** Why a new set in force may not be used yet; null: it may. */
  readonly problem: string | null;
  /** Ids of further keys that may sign it, so that it can be used. */
  readonly missing: readonly string[];
}

const TASK = "build the index";

/** The name of the file with the text of a key set, which is what its keys sign. */
export function keySetFileName({ version }: Pick<KeySet, "version">): string {
  return `key-set-${version}.txt`;
}

/**
 * The key sets of the next index: those of the previous one, and a new one when the keys or the threshold change. Every signer
 * whose key is in the new set or in the one before signs it here.
 *
 * @throws {PkgError} KEY_MISSING, KEY_INVALID; USAGE for a threshold that the keys cannot reach
 */
export function decideKeySets(request: KeySetRequest): KeySets {
  const { previous, repository } = request;
  const current = previous.at(-1) ?? null;
  const wanted = wantedSet(request, current);
  if (current !== null && isSameKeySet({ ...wanted, version: current.version }, current)) {
    return { all: previous, inForce: lastOf(checkKeySets(previous, TASK)), problem: null, missing: [] };
  }
  const checked = checkKeySets([...previous, { ...wanted, signatures: [] }], TASK);
  const sets = current === null ? [lastOf(checked)] : checked.slice(-2);
  const signatures = signaturesOf(request, wanted, uniqueKeys(sets));
  const signed = { ...wanted, signatures: [...signatures.values()] };
  const lacking = sets.filter((set) => countOf(set, signatures) < set.threshold);
  const [first] = lacking;
  return {
    all: [...previous, signed],
    inForce: { ...lastOf(checked), signatures: signed.signatures },
    problem:
      first === undefined
        ? null
        : `key set ${wanted.version} of "${repository}" is signed by ${countOf(first, signatures)} of the keys of set ${first.version}, expected ${first.threshold}`,
    missing: uniqueKeys(lacking)
      .map(({ keyId }) => keyId)
      .filter((keyId) => !signatures.has(keyId)),
  };
}

/**
 * Checks that each signer may sign an index or a new key set.
 *
 * @throws {PkgError} SIGNATURE_UNTRUSTED
 */
export function checkSigners(signers: readonly Signer[], sets: readonly KeySet[]): void {
  const stranger = signers.find(({ publicKey }) => !sets.some(({ keys }) => keys.includes(publicKey)));
  if (stranger === undefined) return;
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot sign with key "${stranger.keyId}": it is not in key set ${sets.at(-1)?.version}, which is in force`,
    { hint: "Leave it out, or name all keys that may sign, for a new key set: --trust KEY --trust OTHER" },
  );
}

function wantedSet({ trust, threshold, signers }: KeySetRequest, current: KeySet | null): KeySet {
  const keys = trust ?? current?.keys ?? signers.map(({ publicKey }) => publicKey);
  if (keys.length === 0) {
    throw new PkgError("KEY_MISSING", "Cannot build the index: there is no key that may sign it", {
      hint: "Run `pkg key generate`, or name a key with --key",
    });
  }
  const wanted = { version: (current?.version ?? 0) + 1, threshold: threshold ?? current?.threshold ?? 1, keys };
  if (wanted.threshold <= keys.length) return wanted;
  throw new PkgError(
    "USAGE",
    `Cannot ask for ${formatCount(wanted.threshold, "signature")}: there ${keys.length === 1 ? "is" : "are"} ${formatCount(keys.length, "key")}`,
    {
      hint: "Name every key that may sign with --trust, or a lower --threshold",
    },
  );
}

/** Signatures of the new set by key id: those made here, and those that others made. */
function signaturesOf(request: KeySetRequest, set: KeySet, keys: readonly PublicKey[]): ReadonlyMap<string, string> {
  const blake2b512 = hashHex("blake2b512", Buffer.from(keySetText(request.repository, set)));
  const fileName = keySetFileName(set);
  const own = request.signers
    .filter(({ publicKey }) => keys.some(({ text }) => text === publicKey))
    .map(
      ({ keyId, sign }) => [keyId, sign({ blake2b512, fileName, timestamp: request.timestamp }).toString()] as const,
    );
  const others = request.collected.flatMap((text) => {
    const signature = parseSignature(Buffer.from(text), TASK);
    if (!keys.some(({ keyId }) => keyId === signature.keyId)) return [];
    const verified = verifySignature({ signature, keys, content: { blake2b512 }, allowLegacy: false, task: TASK });
    return verified.fileName === fileName ? [[signature.keyId, text] as const] : [];
  });
  return new Map([...others, ...own]);
}

function countOf({ publicKeys }: CheckedKeySet, signatures: ReadonlyMap<string, string>): number {
  return publicKeys.filter(({ keyId }) => signatures.has(keyId)).length;
}

function uniqueKeys(sets: readonly CheckedKeySet[]): readonly PublicKey[] {
  return [...new Map(sets.flatMap(({ publicKeys }) => publicKeys).map((key) => [key.keyId, key])).values()];
}

function lastOf(sets: readonly CheckedKeySet[]): CheckedKeySet {
  const last = sets.at(-1);
  if (last === undefined) throw new Error("there is no key set");
  return last;
}
