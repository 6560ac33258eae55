import type { Capabilities } from "../capabilities/capabilities.ts";
import { describeFailure, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import type { Waiver } from "../package/policy.ts";
import {
  type Candidate,
  chooseInstallations,
  findUpdates,
  type Held,
  lookupFor,
  type Orphan,
  syncFor,
} from "./update-candidates.ts";

/** What is to be known about one installation. */
export type OutdatedItem =
  | {
      readonly state: "outdated";
      readonly name: string;
      readonly version: string;
      readonly availableVersion: string;
      /** The same version with other bytes. */
      readonly rebuilt: boolean;
      readonly repository: string;
    }
  | ({ readonly state: "held" } & Held)
  | ({ readonly state: "orphaned" } & Orphan)
  | FailedName;

export interface OutdatedOutcome {
  readonly packages: readonly OutdatedItem[];
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
  const { installations } = await cap.records();
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
  const { installations } = await cap.records();
  const named = chooseInstallations({ installations, directory }, texts);
  const { chosen, missing } = named;
  const { lookup, errors } = await lookupFor(cap, chosen, skip);
  try {
    const { candidates, held, refused, orphaned } = findUpdates(cap.config, lookup, named);
    const failed = [...missing, ...refused];
    const packages: readonly OutdatedItem[] = [
      ...candidates.map(describeCandidate),
      ...held.map((item) => ({ state: "held" as const, ...item })),
      ...orphaned.map((item) => ({ state: "orphaned" as const, ...item })),
      ...failed.map(({ requested, error }) => ({ name: requested, error: describeFailure(error) })),
    ];
    return { outcome: { packages }, errors: [...errors, ...failed.map(({ error }) => error)] };
  } finally {
    lookup.close();
  }
}

function describeCandidate({ installation, entry, rebuilt }: Candidate): OutdatedItem {
  const { name, version, repository } = installation;
  return {
    state: "outdated",
    ...{ name, version, availableVersion: entry.version, rebuilt, repository: repository ?? "" },
  };
}
