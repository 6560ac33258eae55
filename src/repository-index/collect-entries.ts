import { formatCount } from "../base/age.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import { PkgError } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { entryIdentity, packageKey } from "../index/diff.ts";
import { compareEntries } from "../index/document.ts";
import { isDigest } from "../oci/digest.ts";
import { formatReference, tagText } from "../oci/reference.ts";
import { CHECKSUM_TITLE, signatureTitle } from "../package/file-names.ts";
import { comparePreference, spelled } from "../package/version.ts";
import type { AcceptedSigners } from "./check-signed.ts";
import type { PackageReader } from "./package-reader.ts";
import { type RepositorySource, repositoryReference } from "./package-sources.ts";
import type { IndexProblems } from "./problems.ts";
import { type ListedPackage, readIndexedEntry, readPackageEntry } from "./read-entry.ts";
import { type ListedVersion, readNewest } from "./read-newest.ts";
import { readVersions } from "./read-versions.ts";

/** Where the entries of an index come from. */
export interface CollectEntriesRequest {
  readonly sources: readonly RepositorySource[];
  /** The entries of the previous index; what has not changed since is not read again. */
  readonly previous: readonly V1Entry[];
  /** Leaves out the entries that the previous index has from other repositories. */
  readonly only: boolean;
  /** Repositories to leave out altogether, as references. */
  readonly without: readonly string[];
  /** How many of the newest versions of each package to keep; null: all. */
  readonly versions: number | null;
  /** Whose packages may be in it. */
  readonly accepted: AcceptedSigners;
  /** Checks the signatures of what the previous index has as well. */
  readonly recheck: boolean;
  readonly problems: IndexProblems;
}

/** Several tags of each are read at a time. */
const REPOSITORIES_AT_A_TIME = 4;

/** The entries of an index. */
export interface CollectedEntries {
  readonly entries: readonly V1Entry[];
  /** How many were read from a registry; the others were in the previous index. */
  readonly read: number;
}

/**
 * The entries of an index: what the sources hold now, and what the previous index has from other repositories.
 *
 * @throws {PkgError} those of the network; errors of single packages go to `problems`
 */
export async function collectEntries(request: CollectEntriesRequest, reader: PackageReader): Promise<CollectedEntries> {
  const { sources, problems, versions } = request;
  const known = new Map(
    request.previous.map((entry) => [knownKey(entryRepository(entry), entry.manifest_digest), entry]),
  );
  const signed = signedRepositories(request.previous);
  let read = 0;
  const listed = await mapConcurrently(sources, REPOSITORIES_AT_A_TIME, (source) =>
    listVersions(source, request, reader),
  );
  const readListed = async (item: ListedPackage) => {
    const same = known.get(knownKey(item.place.location, item.listed.digest));
    if (same !== undefined && !request.recheck) return same;
    read++;
    const mayBeUnsigned = same !== undefined || item.isNamedVersion || !signed.has(item.place.location);
    const accepted = { ...request.accepted, unsigned: request.accepted.unsigned && mayBeUnsigned };
    return problems.guard(nameOf(item), () => readPackageEntry(item, accepted, reader));
  };
  const { concurrency } = reader;
  const found = await readNewest({ listed, limit: versions, concurrency, read: readListed });
  const kept = await checkKept(keptEntries(request), request, reader);
  const entries = [...kept, ...found];
  tellUnlisted(request, entries, reader);
  return { entries: await withoutRepeats(newest(entries, versions), problems), read };
}

/** The repositories that have signed packages: accepting unsigned ones must not let anybody replace these. */
function signedRepositories(entries: readonly V1Entry[]): ReadonlySet<string> {
  const isSigned = ({ ghcr_files }: V1Entry) => ghcr_files?.includes(signatureTitle(CHECKSUM_TITLE)) === true;
  return new Set(entries.filter(isSigned).map(entryRepository));
}

async function listVersions(
  { repository, tag, isNamed }: RepositorySource,
  { versions: limit, problems }: CollectEntriesRequest,
  reader: PackageReader,
): Promise<readonly ListedVersion[]> {
  const place = await reader.open(formatReference(repository));
  const id = `index:${place.location}`;
  reader.emit({ kind: "task-started", id, title: place.location, totalBytes: null });
  const published = await readVersions({ place, tag, isNamed, problems }, reader);
  const wanted = Math.min(published.length, limit ?? published.length);
  reader.emit({ kind: "task-done", id, summary: formatCount(wanted, "version") });
  return published
    .toSorted((a, b) => comparePreference(a.version, b.version))
    .map(({ version, imageIndex }) =>
      imageIndex.manifests.map((listed) => ({ place, repository, version, isNamedVersion: tag !== null, listed })),
    );
}

function nameOf({ repository, listed }: ListedPackage): string {
  return formatReference({ ...repository, digest: listed.digest });
}

function knownKey(repository: string, digest: string | undefined): string {
  return `${repository}@${digest ?? ""}`;
}

/** The repository of an entry's package, without tag and digest. */
export function entryRepository({ ghcr_pkg }: V1Entry): string {
  return repositoryReference(ghcr_pkg);
}

/** The entries of the previous index that stay as they are. */
function keptEntries({ previous, only, without, sources }: CollectEntriesRequest): readonly V1Entry[] {
  if (only) return [];
  const excluded = without.map(repositoryReference);
  return previous.filter((entry) => !excluded.includes(entryRepository(entry)) && !isReplaced(entry, sources));
}

/** What nobody asked to leave out may be hidden by its registry: the publisher is told. */
function tellUnlisted(
  { previous, only, without, versions }: CollectEntriesRequest,
  entries: readonly V1Entry[],
  { emit }: Pick<PackageReader, "emit">,
): void {
  if (only || versions !== null) return;
  const excluded = without.map(repositoryReference);
  const now = new Set(entries.map(entryIdentity));
  const gone = previous.filter((entry) => !now.has(entryIdentity(entry)) && !excluded.includes(entryRepository(entry)));
  for (const [name, lost] of Map.groupBy(gone, ({ pkg_name }) => pkg_name)) {
    const lostVersions = [...new Set(lost.map(({ version }) => version))].join(", ");
    emit({
      kind: "warning",
      message: `"${name}" loses ${lostVersions}, which its registry no longer lists: if nobody has withdrawn that, do not publish this`,
    });
  }
}

/** If keys have been removed, those who install from the index would refuse what only these have signed. */
async function checkKept(
  entries: readonly V1Entry[],
  { recheck, accepted, problems }: CollectEntriesRequest,
  reader: PackageReader,
): Promise<readonly V1Entry[]> {
  if (!recheck) return entries;
  const checked = await mapConcurrently(entries, reader.concurrency, (entry) =>
    problems.guard(entry.ghcr_pkg, async () => {
      await readIndexedEntry(await indexedPackage(entry, reader), accepted, reader);
      return entry;
    }),
  );
  return checked.filter((entry) => entry !== null);
}

/** Where the package of an entry is. @throws {PkgError} MANIFEST_INVALID for an entry that names no manifest */
export async function indexedPackage(entry: V1Entry, { open }: Pick<PackageReader, "open">) {
  const { ghcr_pkg: name, manifest_digest: digest = "" } = entry;
  if (isDigest(digest)) return { place: await open(entryRepository(entry)), digest, name };
  throw new PkgError("MANIFEST_INVALID", `Cannot index "${name}": its entry names no manifest by its digest`);
}

/** What is read from a source now replaces everything that the previous index has from it. */
function isReplaced(entry: V1Entry, sources: readonly RepositorySource[]): boolean {
  const own = entryRepository(entry);
  return sources.some(
    ({ repository, tag }) => formatReference(repository) === own && (tag === null || tagText(entry.version) === tag),
  );
}

/** The entries of the newest versions of each package. */
function newest(entries: readonly V1Entry[], limit: number | null): readonly V1Entry[] {
  if (limit === null) return entries;
  const versions = new Map<string, Set<string>>();
  const ordered = entries.toSorted((a, b) => comparePreference(a.version, b.version) || compareEntries(a, b));
  return ordered.filter((entry) => {
    const key = packageKey(entry);
    const seen = versions.get(key) ?? new Set();
    versions.set(key, seen);
    if (seen.size < limit) seen.add(spelled(entry.version));
    return seen.has(spelled(entry.version));
  });
}

/** A reader would skip the second of two entries that it cannot tell apart: their publishers have to resolve that. */
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
