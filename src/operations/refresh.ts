import type { Repository } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { type SyncCapabilities, sync } from "./sync.ts";

/** A stale index serves when its server has not begun to answer after this long. */
const ANSWER_WITHIN_MS = 1000;

/**
 * Makes sure that each enabled repository has an index, and a current one where its server answers at once.
 * A repository that cannot be read is noted and left out.
 *
 * @throws {PkgError} INDEX_MISSING when no repository has an index at all
 */
export async function refreshIndexes(cap: SyncCapabilities): Promise<readonly Repository[]> {
  const enabled = cap.config.repositories.filter((repository) => repository.enabled);
  const missing = enabled.filter((repository) => cap.indexes.freshAt(repository.name) === null);
  const stale = enabled.filter((repository) => isStale(cap, repository));
  const [first] = cap.config.offline ? [] : await Promise.all([fetchMissing(cap, missing), refreshStale(cap, stale)]);
  const usable = enabled.filter((repository) => cap.indexes.freshAt(repository.name) !== null);
  if (usable.length === 0) throw first ?? noIndex(enabled);
  for (const repository of stale) noteAge(cap, repository);
  return usable;
}

function isStale(cap: SyncCapabilities, repository: Repository): boolean {
  const freshAt = cap.indexes.freshAt(repository.name);
  const { syncIntervalMs } = cap.config;
  return freshAt !== null && syncIntervalMs !== null && cap.now() - freshAt > syncIntervalMs;
}

async function fetchMissing(cap: SyncCapabilities, missing: readonly Repository[]): Promise<PkgError | undefined> {
  if (missing.length === 0) return undefined;
  const { errors } = await sync(cap, missing, { force: false, answerWithinMs: null });
  return errors[0];
}

/** Its failures are quiet: the index there is serves, and `noteAge` tells its age. */
async function refreshStale(cap: SyncCapabilities, stale: readonly Repository[]): Promise<void> {
  if (stale.length === 0) return;
  const quiet: SyncCapabilities = { ...cap, emit: () => {} };
  await sync(quiet, stale, { force: false, answerWithinMs: ANSWER_WITHIN_MS });
}

function noteAge(cap: SyncCapabilities, repository: Repository): void {
  if (!isStale(cap, repository)) return;
  const hours = Math.floor((cap.now() - (cap.indexes.freshAt(repository.name) ?? 0)) / 3_600_000);
  const age = hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
  cap.emit({
    kind: "note",
    message: `The index of ${repository.name} is ${age} old and could not be refreshed; run \`pkg sync\``,
  });
}

function noIndex(enabled: readonly Repository[]): PkgError {
  if (enabled.length === 0) {
    return new PkgError("INDEX_MISSING", "Cannot search for packages: no repository is enabled", {
      hint: "Run `pkg repo list`, then `pkg repo enable NAME`",
    });
  }
  return new PkgError("INDEX_MISSING", "Cannot search for packages: no index has been fetched yet", {
    hint: "Run `pkg sync`",
  });
}
