import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import type { SearchHit } from "../index-database/package-index.ts";
import type { Installation } from "../package/installation.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { Looking } from "../resolve/looking.ts";

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
  /** How many packages match, whether they are listed or not. */
  readonly total: number;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly repository: string;
    readonly id: string;
    readonly description: string;
    readonly match: SearchHit["match"];
    /** The version of it that is installed; null: none. */
    readonly installedVersion: string | null;
  }[];
}

/** The kinds of match, the closest first. */
const ORDER: readonly SearchHit["match"][] = ["name", "provides", "prefix", "substring", "tag", "description"];

/** More than any index holds. */
const MAX_HITS = 1_000_000_000;

/**
 * The best matches over all repositories: exact names, then prefixes, then parts of names, then words. Where there are none,
 * a repository that could not be looked in is an error.
 */
export async function search(
  cap: SyncCapabilities & Pick<Capabilities, "records">,
  request: SearchRequest,
): Promise<WithErrors<SearchOutcome>> {
  const limit = request.limit ?? MAX_HITS;
  const looking = new Looking(cap, { skip: null });
  try {
    const { query } = request;
    const matches = async () => {
      const { indexes } = await looking.open();
      return [...indexes].flatMap(([repository, index]) =>
        index.search(query, limit).map((hit) => ({ repository, hit })),
      );
    };
    const first = await matches();
    const isSilent = first.length === 0 && (await looking.renew(`nothing matches "${query ?? ""}" in`));
    const found = isSilent ? await matches() : [...first];
    const { leftOut, indexes } = await looking.open();
    const total =
      found.length < limit
        ? found.length
        : [...indexes.values()].reduce((sum, index) => sum + index.countMatches(query), 0);
    // The sort is stable: within a kind of match each repository's own ranking stays.
    found.sort((a, b) => ORDER.indexOf(a.hit.match) - ORDER.indexOf(b.hit.match));
    const { installations } = await cap.records();
    const hits = found.slice(0, limit).map(({ repository, hit: { entry, match } }) => ({
      name: entry.name,
      version: entry.version,
      repository,
      id: entry.id,
      description: entry.description,
      match,
      installedVersion: installedVersion(installations.get(entry.name), entry.id),
    }));
    return {
      outcome: { query, total, packages: hits },
      errors: hits.length > 0 ? [] : leftOut.map(({ error }) => error),
    };
  } finally {
    looking.close();
  }
}

/** The version of an installation, if it is of the package with that id. */
function installedVersion(installation: Installation | null, id: string): string | null {
  return installation?.packageId === id ? installation.version : null;
}
