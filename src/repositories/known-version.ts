import { asFailure } from "../capabilities/outcome.ts";
import type { Repository } from "../config/config.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import type { IndexMeta, IndexTrust } from "../state/package-index.ts";
import { isSameKeySet } from "../verify/key-sets.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** What the config asks of an index; one that was checked by other rules counts as none. */
export function rulesOf({ keys, threshold, signedIndex }: Repository): string {
  return JSON.stringify({ keys: keys.toSorted(), threshold, signedIndex });
}

/** What is recorded of the index that is there; null where there is none, or it is damaged. */
export function readIndexMeta(cap: Pick<SyncCapabilities, "indexes">, name: string): IndexMeta | null {
  try {
    const index = cap.indexes.open(name);
    index?.close();
    return index?.meta ?? null;
  } catch (error) {
    asFailure(error);
    return null;
  }
}

/**
 * The version that a server need not send again. One that is damaged, came from another address, was checked by other
 * rules, or is not the one that trust knows of is none: the whole is fetched.
 */
export function knownVersion(
  cap: Pick<SyncCapabilities, "indexes">,
  repository: Repository,
  pinned: TrustRecord | null,
): IndexMeta | null {
  const meta = readIndexMeta(cap, repository.name);
  if (meta === null || meta.url !== repository.url || meta.checkedBy !== rulesOf(repository)) return null;
  return isPinned(meta.trust, pinned) ? meta : null;
}

function isPinned(trust: IndexTrust | null, pinned: TrustRecord | null): boolean {
  if (trust === null || pinned === null) return trust === pinned;
  return trust.serial === pinned.serial && trust.digest === pinned.digest && isSameKeySet(trust.keySet, pinned.keySet);
}
