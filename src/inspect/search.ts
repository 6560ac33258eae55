import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { Looking } from "../install/looking.ts";
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
    const matches = async () => {
      const { indexes } = await looking.open();
      return [...indexes].flatMap(([repository, index]) =>
        index.search(request.query, limit).map((hit) => ({ repository, hit })),
      );
    };
    const first = await matches();
    const isSilent = first.length === 0 && (await looking.renew(`nothing matches "${request.query ?? ""}" in`));
    const found = isSilent ? await matches() : [...first];
    const { leftOut } = await looking.open();
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
      installed: installations.get(entry.name)?.packageId === entry.id,
    }));
    return {
      outcome: { query: request.query, packages: hits },
      errors: hits.length > 0 ? [] : leftOut.map(({ error }) => error),
    };
  } finally {
    looking.close();
  }
}
