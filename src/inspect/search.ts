import type { Capabilities } from "../capabilities/capabilities.ts";
import { openLookup } from "../install/lookup.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import type { SearchHit } from "../state/package-index.ts";

/** What to look for, and how many hits to give. */
export interface SearchRequest {
  /** Null: everything. */
  readonly query: string | null;
  /** Null: all of them. */
  readonly limit: number | null;
}

/** The hits, best first. */
export interface SearchOutcome {
  readonly query: string | null;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly repository: string;
    readonly id: string;
    readonly description: string;
    readonly match: SearchHit["match"];
    readonly installed: boolean;
  }[];
}

/** The kinds of match, the closest first. */
const ORDER: readonly SearchHit["match"][] = ["name", "provides", "prefix", "substring", "tag", "description"];

/** More than any index holds. */
const MAX_HITS = 1_000_000_000;

/** The best matches over all repositories: exact names, then prefixes, then parts of names, then words. */
export async function search(
  cap: SyncCapabilities & Pick<Capabilities, "state">,
  request: SearchRequest,
): Promise<SearchOutcome> {
  const limit = request.limit ?? MAX_HITS;
  const lookup = await openLookup(cap);
  try {
    const found = [...lookup.indexes].flatMap(([repository, index]) =>
      index.search(request.query, limit).map((hit) => ({ repository, hit })),
    );
    // The sort is stable: within a kind of match each repository's own ranking stays.
    found.sort((a, b) => ORDER.indexOf(a.hit.match) - ORDER.indexOf(b.hit.match));
    const { installations } = await cap.state();
    const hits = found.slice(0, limit).map(({ repository, hit: { entry, match } }) => ({
      name: entry.name,
      version: entry.version,
      repository,
      id: entry.id,
      description: entry.description,
      match,
      installed: installations.get(entry.name)?.packageId === entry.id,
    }));
    return { query: request.query, packages: hits };
  } finally {
    lookup.close();
  }
}
