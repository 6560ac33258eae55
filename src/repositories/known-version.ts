import { asFailure } from "../capabilities/outcome.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { IndexMeta, IndexTrust, PackageIndex } from "../index-database/package-index.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import { isSameKeySet } from "../verify/key-sets.ts";

/** What the config requires of an index, as text: an index that was checked by other rules must be checked again. */
export function rulesOf({ kind, keys, threshold, signedIndex }: ConfiguredRepository): string {
  const rules = { keys: keys.toSorted(), threshold, signedIndex };
  return JSON.stringify(kind === "index" ? rules : { kind, keys: rules.keys });
}

/** What is recorded about a repository's index; null if it has none, or a damaged one. */
export function readIndexMeta(indexes: PackageIndexes, name: string): IndexMeta | null {
  const index = openIndexOrNull(indexes, name);
  index?.close();
  return index?.meta ?? null;
}

/** A repository's index; null if it has none, or a damaged one. */
export function openIndexOrNull(indexes: PackageIndexes, name: string): PackageIndex | null {
  try {
    return indexes.open(name);
  } catch (error) {
    asFailure(error);
    return null;
  }
}

/** True if an index that was put in place was signed, by keys of its own or by those in the config. */
export function isSigned(meta: Pick<IndexMeta, "trust" | "keyId"> | null): boolean {
  return meta !== null && (meta.trust !== null || meta.keyId !== null);
}

/**
 * The version that a server need not send again. An index that is damaged, came from another address, was checked by
 * other rules, or is not the one that is pinned does not count: the whole index is fetched.
 */
export function knownVersion(
  indexes: PackageIndexes,
  repository: ConfiguredRepository,
  pinned: TrustRecord | null,
): IndexMeta | null {
  const meta = readIndexMeta(indexes, repository.name);
  if (meta === null || meta.url !== repository.url || meta.checkedBy !== rulesOf(repository)) return null;
  return isPinned(meta.trust, pinned) ? meta : null;
}

function isPinned(trust: IndexTrust | null, pinned: TrustRecord | null): boolean {
  if (trust === null || pinned === null) return trust === pinned;
  return trust.serial === pinned.serial && trust.digest === pinned.digest && isSameKeySet(trust.keySet, pinned.keySet);
}
