import { MINUTE_MS } from "../base/duration.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import { isExpired } from "../verify/index-freshness.ts";
import { isSigned, readIndexMeta, rulesOf } from "./known-version.ts";

/**
 * How usable an index is: not at all (there is none, it is damaged, or it was checked by other rules than those now in
 * the config, or it is unsigned and came from another address), until a newer one arrives, or as it is.
 */
export type IndexState = "none" | "damaged" | "other rules" | "expired" | "stale" | "current";

/** What the state of an index depends on. */
export interface StateFacts {
  readonly indexes: PackageIndexes;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Null: an index never gets stale. */
  readonly syncIntervalMs: number | null;
}

/** Of files, which may be on another machine whose clock is not quite the same. */
const CLOCK_TOLERANCE_MS = MINUTE_MS;

/** The state of a repository's index. A file that is dated in the future says nothing about its age, so it is stale. */
export function indexState(
  repository: ConfiguredRepository,
  { indexes, now: clock, syncIntervalMs }: StateFacts,
): IndexState {
  const freshAt = indexes.freshAt(repository.name);
  if (freshAt === null) return "none";
  const meta = readIndexMeta(indexes, repository.name);
  if (meta === null) return "damaged";
  if (meta.checkedBy !== rulesOf(repository)) return "other rules";
  const now = clock();
  if (meta.trust !== null && isExpired(meta.trust, now)) return "expired";
  if (meta.url !== repository.url) return isSigned(meta) ? "stale" : "other rules";
  const ageMs = now - freshAt;
  return syncIntervalMs !== null && (ageMs > syncIntervalMs || ageMs < -CLOCK_TOLERANCE_MS) ? "stale" : "current";
}
