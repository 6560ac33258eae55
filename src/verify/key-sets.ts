import { formatCount } from "../base/age.ts";
import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { type KeySet, keySetText, type SignedKeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parsePublicKey, parseSignature } from "./minisign.ts";
import { findSigners } from "./signature-list.ts";

/** A well-formed key set: its keys can be used, none occurs twice, and there are enough for its threshold. */
export interface CheckedKeySet extends SignedKeySet {
  readonly publicKeys: readonly PublicKey[];
}

/**
 * Checks everything about key sets except their signatures.
 *
 * @throws {PkgError} INDEX_INVALID
 */
export function checkKeySets(sets: readonly SignedKeySet[], task: string): readonly CheckedKeySet[] {
  return sets.map((set, position) => {
    const refuse = (problem: string, cause?: unknown) =>
      new PkgError("INDEX_INVALID", `Cannot ${task}: ${problem}`, { cause });
    if (set.version !== position + 1) {
      throw refuse(`its key sets are not in order: expected version ${position + 1}, found ${set.version}`);
    }
    const { threshold, keys } = set;
    if (threshold > keys.length) {
      throw refuse(
        `its key set ${set.version} asks for ${formatCount(threshold, "signature")} and has ${formatCount(keys.length, "key")}`,
      );
    }
    const publicKeys = keys.map((text) =>
      parseKey(text, (cause) => refuse(`its key set ${set.version}: ${cause.message}`, cause)),
    );
    const ids = new Set(publicKeys.map(({ keyId }) => keyId));
    const points = new Set(publicKeys.map(({ bytes }) => bytes.toString("hex")));
    if (ids.size < keys.length || points.size < keys.length) {
      throw refuse(`its key set ${set.version} has one key twice`);
    }
    return { ...set, publicKeys };
  });
}

function parseKey(text: string, refuse: (cause: PkgError) => PkgError): PublicKey {
  try {
    return parsePublicKey(text);
  } catch (error) {
    throw error instanceof PkgError ? refuse(error) : error;
  }
}

/** True when both have the same version, keys and threshold. */
export function isSameKeySet(a: KeySet, b: KeySet): boolean {
  return keySetText("", a) === keySetText("", b);
}

/** Makes the error for a problem with a key set. */
export type RefuseKeySet = (problem: string, cause?: PkgError) => PkgError;

/**
 * Checks that `next` may follow `previous` (null: that it may be the first): enough keys of both must have signed it.
 *
 * @throws {PkgError} what `refuse` makes
 */
export function checkSuccession(
  repository: string,
  { previous, next }: { readonly previous: CheckedKeySet | null; readonly next: CheckedKeySet },
  refuse: RefuseKeySet,
): void {
  for (const set of previous === null ? [next] : [previous, next]) {
    const count = countSigners(repository, { set, next }, refuse);
    if (count >= set.threshold) continue;
    throw refuse(
      `its key set ${next.version} is signed by ${count} of the keys of set ${set.version}, expected ${set.threshold}`,
    );
  }
}

function countSigners(
  repository: string,
  { set, next }: { readonly set: CheckedKeySet; readonly next: CheckedKeySet },
  refuse: RefuseKeySet,
): number {
  const task = `use key set ${next.version}`;
  try {
    return findSigners({
      signatures: next.signatures.map((text) => parseSignature(Buffer.from(text), task)),
      keys: set.publicKeys,
      blake2b512: hashHex("blake2b512", Buffer.from(keySetText(repository, next))),
      fileNames: [`key-set-${next.version}.txt`],
      task,
    }).length;
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    throw refuse(`its key set ${next.version} has a signature that is wrong`, error);
  }
}
