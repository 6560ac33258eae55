import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { entryIdentity } from "../index/diff.ts";
import { compareEntries } from "../index/document.ts";
import { formatReference, type Reference, tagText } from "../oci/reference.ts";
import { openSource, type PlaceCapabilities } from "../oci-tools/open-place.ts";
import { compareVersions } from "../package/version.ts";
import { type PackageSource, repositoryReference } from "./package-sources.ts";
import type { IndexProblems } from "./problems.ts";
import { type ListedPackage, readPackageEntry } from "./read-entry.ts";
import { type PublishedVersion, readVersions } from "./read-versions.ts";

type CollectCapabilities = PlaceCapabilities & Pick<Capabilities, "emit" | "retry">;

export interface CollectEntriesRequest {
  readonly sources: readonly PackageSource[];
  /** Those of the index before; what has not changed is not read again. */
  readonly previous: readonly V1Entry[];
  /** Leaves out what the index before has of other repositories. */
  readonly only: boolean;
  /** Repositories of which nothing is kept, as references. */
  readonly without: readonly string[];
  /** How many versions of each package, the newest ones; null: all. */
  readonly versions: number | null;
  readonly problems: IndexProblems;
}

/** Of each several tags are asked at a time. */
const REPOSITORIES_AT_A_TIME = 4;

export interface CollectedEntries {
  readonly entries: readonly V1Entry[];
  /** How many were read from a registry; the others were known. */
  readonly read: number;
}

/**
 * The entries of an index: what the sources hold now, and what the index before had of other repositories.
 *
 * @throws {PkgError} those of the network; what does not fit is told to `problems`
 */
export async function collectEntries(
  cap: CollectCapabilities,
  request: CollectEntriesRequest,
): Promise<CollectedEntries> {
  const known = new Map(
    request.previous.map((entry) => [knownKey(entryRepository(entry), entry.manifest_digest), entry]),
  );
  let read = 0;
  const listed = await mapConcurrently(request.sources, REPOSITORIES_AT_A_TIME, (source) =>
    listPackages(cap, source, request),
  );
  const found = await mapConcurrently(listed.flat(), cap.config.concurrency, async (item) => {
    const same = known.get(knownKey(item.place.location, item.listed.digest));
    if (same !== undefined) return same;
    read++;
    return request.problems.guard(nameOf(item), () => readPackageEntry(cap, item));
  });
  const excluded = request.without.map(repositoryReference);
  const kept = request.previous.filter(
    (entry) => !request.only && !excluded.includes(entryRepository(entry)) && !isReplaced(entry, request.sources),
  );
  return {
    entries: await withoutRepeats(
      newest([...kept, ...found.filter((entry) => entry !== null)], request.versions),
      request.problems,
    ),
    read,
  };
}

async function listPackages(
  cap: CollectCapabilities,
  { repository, tag, isNamed }: PackageSource,
  { versions, problems }: CollectEntriesRequest,
): Promise<readonly ListedPackage[]> {
  const { place } = await openSource(cap, formatReference(repository));
  const id = `index:${place.location}`;
  cap.emit({ kind: "task-started", id, title: place.location, totalBytes: null });
  const published = await readVersions(cap, { place, tag, isNamed, problems });
  const wanted = newestVersions(published, versions);
  cap.emit({ kind: "task-done", id, summary: wanted.length === 1 ? "1 version" : `${wanted.length} versions` });
  return wanted.flatMap(({ version, index }) =>
    index.manifests.map((listed) => ({ place, repository, version, listed })),
  );
}

function newestVersions(published: readonly PublishedVersion[], limit: number | null): readonly PublishedVersion[] {
  return published.toSorted((a, b) => compareVersions(b.version, a.version)).slice(0, limit ?? undefined);
}

function nameOf({ repository, listed }: { readonly repository: Reference; readonly listed: ListedPackage["listed"] }) {
  return formatReference({ ...repository, digest: listed.digest });
}

function knownKey(place: string, digest: string | undefined): string {
  return `${place}@${digest ?? ""}`;
}

/** The repository that an entry's package is in, without tag and digest. */
export function entryRepository({ ghcr_pkg }: V1Entry): string {
  return repositoryReference(ghcr_pkg);
}

/** What was read of a source stands for all that the index before had of it. */
function isReplaced(entry: V1Entry, sources: readonly PackageSource[]): boolean {
  const place = entryRepository(entry);
  return sources.some(
    ({ repository, tag }) => formatReference(repository) === place && (tag === null || tagText(entry.version) === tag),
  );
}

/** Of each package the entries of its newest versions. */
function newest(entries: readonly V1Entry[], limit: number | null): readonly V1Entry[] {
  if (limit === null) return entries;
  const versions = new Map<string, Set<string>>();
  return entries.toSorted(compareEntries).filter(({ pkg_id, pkg_name, version }) => {
    const key = `${pkg_id}\0${pkg_name}`;
    const seen = versions.get(key) ?? new Set();
    versions.set(key, seen);
    if (seen.size < limit) seen.add(version);
    return seen.has(version);
  });
}

/** A reader would pass over the second of two: that is for their publishers to settle. */
async function withoutRepeats(entries: readonly V1Entry[], problems: IndexProblems): Promise<readonly V1Entry[]> {
  const first = new Map<string, V1Entry>();
  for (const entry of entries) {
    const key = entryIdentity(entry);
    const other = first.get(key);
    if (other === undefined) first.set(key, entry);
    else await problems.guard(entry.ghcr_pkg, async () => Promise.reject(repeated(entry, other)));
  }
  return [...first.values()];
}

function repeated(entry: V1Entry, other: V1Entry): PkgError {
  return new PkgError(
    "MANIFEST_INVALID",
    `Cannot index "${entry.ghcr_pkg}": "${other.ghcr_pkg}" has its name, id, version, type and platform already`,
    { hint: "Packages are told apart by their id: publish one of them with another" },
  );
}
