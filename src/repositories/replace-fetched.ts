import { hasCode } from "../errors.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { fetchIndex } from "./index-source.ts";
import { type ReplacedIndex, type ReplaceIndexRequest, replaceIndex } from "./replace-index.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

export interface Replacement {
  readonly replaced: ReplacedIndex;
  /** As it was served. */
  readonly bytes: number;
}

/** How it shows that index and signatures are not of one moment. */
const TORN = ["SIGNATURE_INVALID", "SIGNATURE_UNTRUSTED", "SIGNATURE_MISSING"] as const;

/**
 * Puts an index that was fetched in place, and removes what was fetched. A host that is updated between two requests serves
 * an index and the signatures of another: both are asked for once more before they are refused.
 *
 * @throws {PkgError} those of replaceIndex
 */
export async function replaceFetched(
  cap: SyncCapabilities,
  request: ReplaceIndexRequest & { readonly answerWithinMs: number | null },
): Promise<Replacement> {
  const { repository, fetched, answerWithinMs } = request;
  try {
    return await replaceOnce(cap, request);
  } catch (error) {
    if (fetched.isOneMoment || !hasCode(error, ...TORN)) throw error;
    const again = await fetchIndex(cap, { repository, known: null, answerWithinMs });
    if (again === null) throw error;
    return await replaceOnce(cap, { ...request, fetched: again });
  }
}

async function replaceOnce(cap: SyncCapabilities, request: ReplaceIndexRequest): Promise<Replacement> {
  const { download }: FetchedIndex = request.fetched;
  try {
    return { replaced: await replaceIndex(cap, request), bytes: download.bytes };
  } finally {
    download.remove();
  }
}
