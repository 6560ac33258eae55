import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import type { Waiver } from "../package/policy.ts";
import { chooseInstallations, findUpdates, type Held, lookupFor, type Orphan, syncFor } from "./update-candidates.ts";

export interface OutdatedOutcome {
  readonly outdated: readonly {
    readonly name: string;
    readonly installed: string;
    readonly available: string;
    readonly repository: string;
  }[];
  readonly held: readonly Held[];
  readonly orphaned: readonly Orphan[];
}

/** What to look at. */
export interface OutdatedRequest {
  /** Words that `install` takes; empty: everything that is installed. */
  readonly texts: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** Syncs, then lists what `update` would change. */
export async function syncThenOutdated(
  cap: Capabilities,
  { texts, directory }: OutdatedRequest,
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const { chosen } = chooseInstallations({ installations, directory }, texts);
  const syncErrors = await syncFor(cap, chosen, skip);
  const { outcome, errors } = await outdated(cap, { texts, directory }, skip);
  return { outcome, errors: [...syncErrors, ...errors] };
}

/** Lists what `update` would change, from the indexes as they are; no registry is asked about direct references. */
export async function outdated(
  cap: Capabilities,
  { texts, directory }: OutdatedRequest,
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const named = chooseInstallations({ installations, directory }, texts);
  const { chosen, missing } = named;
  const { lookup, errors } = await lookupFor(cap, chosen, skip);
  try {
    const { candidates, held, refused, orphaned } = findUpdates(cap.config, lookup, named);
    return {
      outcome: {
        outdated: candidates.map(({ installation, entry, rebuilt }) => ({
          name: installation.name,
          installed: installation.version,
          available: rebuilt ? `${entry.version} (rebuilt)` : entry.version,
          repository: installation.repository ?? "",
        })),
        held,
        orphaned,
      },
      errors: [...errors, ...[...missing, ...refused].map(({ error }) => error)],
    };
  } finally {
    lookup.close();
  }
}
