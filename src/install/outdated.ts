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

/** Syncs, then lists what `update` would change. */
export async function syncThenOutdated(
  cap: Capabilities,
  names: readonly string[],
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const { chosen } = chooseInstallations(installations.list(), names);
  const syncErrors = await syncFor(cap, chosen, skip);
  const { outcome, errors } = await outdated(cap, names, skip);
  return { outcome, errors: [...syncErrors, ...errors] };
}

/** Lists what `update` would change, from the indexes as they are; no registry is asked about direct references. */
export async function outdated(
  cap: Capabilities,
  names: readonly string[],
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const { chosen, missing } = chooseInstallations(installations.list(), names);
  const { lookup, errors } = await lookupFor(cap, chosen, skip);
  try {
    const { candidates, held, orphaned } = findUpdates(cap.config, lookup, { chosen, named: names.length > 0 });
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
      errors: [...errors, ...missing.map(({ error }) => error)],
    };
  } finally {
    lookup.close();
  }
}
