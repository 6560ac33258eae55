import type { ConfiguredRepository } from "../config/repository.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { PackageIndexes } from "../state/package-indexes.ts";
import { isExpired } from "../verify/index-freshness.ts";
import { isSigned, readIndexMeta, rulesOf } from "./known-version.ts";
import { reachable } from "./reachable.ts";
import { sync } from "./sync.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** A stale index is used if its server has not begun to answer after this long. */
const ANSWER_WITHIN_MS = 1000;
/** One that has expired is of little use, so its server is given more time. */
const EXPIRED_ANSWER_WITHIN_MS = 10_000;

/**
 * How usable an index is: not at all (there is none, it is damaged, or it was checked by other rules than those now in
 * the config, or it is unsigned and came from another address), until a newer one arrives, or as it is.
 */
type IndexState = "none" | "damaged" | "other rules" | "expired" | "stale" | "current";

/**
 * Makes sure that each enabled repository has an index, and a current one if its server answers at once.
 * A repository that cannot be read is reported and left out.
 *
 * @throws {PkgError} INDEX_MISSING when no repository has an index at all
 */
export async function refreshIndexes(cap: SyncCapabilities): Promise<readonly ConfiguredRepository[]> {
  const enabled = cap.config.repositories.filter((repository) => repository.enabled);
  const stateOf = (repository: ConfiguredRepository) => readState(repository, { ...cap, ...cap.config });
  const before = enabled.map((repository) => ({ repository, state: stateOf(repository) }));
  const those = (...states: readonly IndexState[]) =>
    before.filter(({ state }) => states.includes(state)).map(({ repository }) => repository);
  const fetchable = await reachable(cap.network, those("none", "damaged", "other rules", "stale", "expired"));
  const fetched = (...states: readonly IndexState[]) => those(...states).filter((item) => fetchable.includes(item));
  const [first] = await Promise.all([
    fetchMissing(cap, fetched("none", "damaged", "other rules")),
    refreshStale(cap, fetched("stale"), ANSWER_WITHIN_MS),
    refreshStale(cap, fetched("expired"), EXPIRED_ANSWER_WITHIN_MS),
  ]);
  // A damaged one is reported when it is opened.
  const usable = before
    .filter(({ repository, state }) => state === "current" || !["none", "other rules"].includes(stateOf(repository)))
    .map(({ repository }) => repository);
  if (usable.length === 0) throw first ?? noIndex(enabled);
  for (const repository of those("stale").filter((item) => stateOf(item) === "stale")) {
    cap.emit({ kind: "note", message: ageOf(repository.name, cap.indexes.freshAt(repository.name), cap.now()) });
  }
  return usable;
}

interface StateFacts {
  readonly indexes: PackageIndexes;
  readonly now: () => number;
  readonly syncIntervalMs: number | null;
}

function readState(repository: ConfiguredRepository, { indexes, now: clock, syncIntervalMs }: StateFacts): IndexState {
  const freshAt = indexes.freshAt(repository.name);
  if (freshAt === null) return "none";
  const meta = readIndexMeta(indexes, repository.name);
  if (meta === null) return "damaged";
  if (meta.checkedBy !== rulesOf(repository)) return "other rules";
  const now = clock();
  if (meta.trust !== null && isExpired(meta.trust, now)) return "expired";
  if (meta.url !== repository.url) return isSigned(meta) ? "stale" : "other rules";
  return syncIntervalMs !== null && now - freshAt > syncIntervalMs ? "stale" : "current";
}

async function fetchMissing(
  cap: SyncCapabilities,
  missing: readonly ConfiguredRepository[],
): Promise<PkgError | undefined> {
  if (missing.length === 0) return undefined;
  const { errors } = await sync(cap, missing, { force: false, answerWithinMs: null });
  return errors[0];
}

/** Errors that refuse an index that was served; they are reported, and the previous index is used. */
const REFUSALS = [
  "KEYS_CHANGED",
  "INDEX_MISMATCH",
  "INDEX_ROLLED_BACK",
  "CLOCK_WRONG",
  "SIGNATURE_MISSING",
  "SIGNATURE_INVALID",
  "SIGNATURE_UNTRUSTED",
] as const;

/** Network failures are not reported: the previous index is used, and its age is reported. */
async function refreshStale(
  cap: SyncCapabilities,
  stale: readonly ConfiguredRepository[],
  answerWithinMs: number,
): Promise<void> {
  if (stale.length === 0) return;
  const quiet: SyncCapabilities = { ...cap, emit: () => {} };
  const { errors } = await sync(quiet, stale, { force: false, answerWithinMs });
  for (const error of errors.filter((failure) => hasCode(failure, ...REFUSALS))) {
    cap.emit({ kind: "warning", message: `${error.message}; the previous index is used` });
  }
}

function ageOf(name: string, freshAt: number | null, now: number): string {
  const hours = Math.floor((now - (freshAt ?? 0)) / 3_600_000);
  const age = hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
  return `The index of ${name} is ${age} old and could not be refreshed; run \`pkg sync\``;
}

function noIndex(enabled: readonly ConfiguredRepository[]): PkgError {
  if (enabled.length === 0) {
    return new PkgError("INDEX_MISSING", "Cannot search for packages: no repository is enabled", {
      hint: "Run `pkg repo list`, then `pkg repo enable NAME`",
    });
  }
  return new PkgError("INDEX_MISSING", "Cannot search for packages: no index has been fetched yet", {
    hint: "Run `pkg sync`",
  });
}
