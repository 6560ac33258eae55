import { describeFailure, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import { nameInRepository } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { PackageEntry } from "../package/metadata.ts";
import type { Waiver } from "../package/policy.ts";
import { judgeInstalled } from "../resolve/judge-installed.ts";
import type { Lookup } from "../resolve/lookup.ts";
import type { ResolveCapabilities } from "../resolve/resolve.ts";
import { errorsOf } from "../resolve/unjudged.ts";
import { CANNOT_FIND_UPDATE, type Candidate, chooseInstallations, type Held } from "../resolve/update-candidates.ts";
import { movedTags, type OutdatedItem, type OutdatedRequest, withNeeded } from "./outdated.ts";

/** What an update would change of one package. */
export interface ChangedPackage {
  readonly name: string;
  readonly version: string;
  readonly availableVersion: string;
  /** Null for what was installed by its reference. */
  readonly repository: string | null;
  /** Bytes to download; null: not known, or in the store already. */
  readonly downloadBytes: number | null;
  /** Bytes on disk now. */
  readonly sizeBytes: number;
  /** Dependencies, as the repository calls them, that it has not needed before. */
  readonly addedDependencies: readonly string[];
  readonly removedDependencies: readonly string[];
  /** As the index says of the version that is installed; null: it does not know it any more. */
  readonly previousLicenses: readonly string[] | null;
  readonly licenses: readonly string[];
  readonly homepages: readonly string[];
  readonly sources: readonly string[];
  readonly notes: readonly string[];
}

/** What would stay, as it is pinned or as it was asked for, while there is something newer. */
export type HeldPackage = Held & { readonly state: "held" };

/** What an update would bring, and what it would leave. */
export interface ChangesOutcome {
  readonly packages: readonly (ChangedPackage | HeldPackage | FailedName)[];
}

/** What `update` would change, from the indexes as they are; nothing is changed. @throws {PkgError} as judgeInstalled */
export async function changes(
  cap: ResolveCapabilities,
  { texts, directory }: OutdatedRequest,
  skip: readonly Waiver[],
): Promise<WithErrors<ChangesOutcome>> {
  const { installations } = await cap.records();
  const asked = chooseInstallations({ installations, directory }, texts, CANNOT_FIND_UPDATE);
  const named = { ...asked, chosen: withNeeded(installations, asked.chosen) };
  const judged = await judgeInstalled(cap, named, { skip, isSynced: false, readsOnly: true });
  try {
    const tags = await movedTags(cap, named, skip);
    const failed = [...named.missing, ...judged.refused, ...tags.failed];
    const packages = [
      ...judged.candidates.map((candidate) => changed(judged.lookup, candidate)),
      ...tags.moved.flatMap((item) => movedPackage(item, named.chosen)),
      ...[...judged.held, ...tags.held].map((item) => ({ state: "held" as const, ...item })),
      ...failed.map(({ requested: name, error }) => ({ name, error: describeFailure(error) })),
    ];
    const unjudged = [...judged.unjudged, ...tags.unjudged];
    const errors = [...failed.map(({ error }) => error), ...errorsOf(unjudged, texts.length > 0)];
    return { outcome: { packages }, errors: [...new Set(errors)] };
  } finally {
    judged.lookup.close();
  }
}

function changed({ indexes }: Lookup, { installation, entry }: Candidate): ChangedPackage {
  const { name, version, repository, sizeBytes } = installation;
  const needed = installation.dependencies.map((other) => nameInRepository({ ...installation, name: other }));
  return {
    ...{ name, version, availableVersion: entry.version, repository },
    ...{ downloadBytes: entry.sizeBytes, sizeBytes },
    addedDependencies: entry.dependencies.filter((other) => !needed.includes(other)),
    removedDependencies: needed.filter((other) => !entry.dependencies.includes(other)),
    previousLicenses: entryNow(indexes, installation)?.licenses ?? null,
    ...linksOf(entry),
  };
}

function linksOf({ licenses, homepages, sources, notes }: PackageEntry) {
  return { licenses, homepages, sources, notes };
}

/** What the index says of the version that is installed. */
function entryNow(indexes: Lookup["indexes"], installation: Installation): PackageEntry | null {
  const { repository, packageName, packageId, version } = installation;
  const entries = indexes.get(repository ?? "")?.byName(packageName) ?? [];
  return entries.find((entry) => entry.id === packageId && entry.version === version) ?? null;
}

/** Where a tag has moved, nothing but the version is known before it is fetched. */
function movedPackage(item: OutdatedItem, chosen: readonly Installation[]): readonly ChangedPackage[] {
  const now = chosen.find(({ name }) => name === item.name);
  if (item.state !== "outdated" || now === undefined) return [];
  const { name, version, availableVersion, repository } = item;
  return [
    {
      ...{ name, version, availableVersion, repository, downloadBytes: null, sizeBytes: now.sizeBytes },
      ...{ addedDependencies: [], removedDependencies: [], previousLicenses: null },
      ...{ licenses: [], homepages: [], sources: [], notes: [] },
    },
  ];
}
