import { listSome } from "../base/lists.ts";
import type { Resolution } from "../plan/resolution.ts";
import { fetchNewer } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";

/** A closure may have thousands. */
const MAX_NAMED = 5;

/**
 * Fetches once more the indexes that name what is gone from its registry or address, unless this run has asked for them already.
 *
 * @param tried the repositories that this run has asked for their indexes
 * @returns the same with those asked now; null if no index has changed
 */
export async function fetchForGone(
  cap: SyncCapabilities,
  gone: readonly Resolution[],
  tried: ReadonlySet<string>,
): Promise<ReadonlySet<string> | null> {
  const names = gone.flatMap(({ repository }) => (repository === null || tried.has(repository) ? [] : repository));
  const what = listSome(
    gone.map(({ name }) => `"${name}"`),
    MAX_NAMED,
  );
  const isDownload = gone.every(({ origin }) => origin.kind === "download");
  const missing = isDownload
    ? `there is no ${what} as it should be`
    : `its registry does not have ${what}, which it should have`;
  const newer = await fetchNewer(cap, new Set(names), `${missing} by`);
  return newer.isNewer ? new Set([...tried, ...newer.tried]) : null;
}
