import { basename, dirname, join, resolve, sep } from "node:path";
import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import type { FailedName, WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { canonicalEntry, canonicalPath } from "../fs/canonical-path.ts";
import { type HoldingKind, kindOfPlace } from "../package/holdings.ts";
import { isAlias } from "../package/install-name.ts";
import type { Installation, InstalledFile, InstalledLink } from "../package/installation.ts";
import { inData, inPrefix, isInData, pathOfPlace, placeIn, programLinks } from "../package/place.ts";
import { isOrphaned, type PackageOwner } from "../package/repository-owner.ts";
import { linkPath, type Places, packagePath, placesOf } from "../profile/places.ts";
import type { Provenance } from "../provenance/provenance.ts";
import {
  describeMissing,
  findAllInstalled,
  findAnyway,
  findInstalled,
  type InstalledWords,
} from "../resolve/find-installed.ts";

/** The capabilities that looking at installations needs. */
export type StateCapabilities = Pick<Capabilities, "config" | "records">;

/** What is told of an installation only in another form, or not at all. */
type NotTold = "evidence" | "expected" | "provenance" | "owner" | "packageId" | "files";

/** An installation without the documents kept as evidence. */
export interface InstallationSummary extends Omit<Installation, NotTold> {
  /** What tells its package apart from others of the same name. */
  readonly id: string;
  readonly files: readonly FileSummary[];
  readonly provenance: Provenance | null;
  /** True when nothing updates it, as its repository was removed. */
  readonly orphaned: boolean;
  /** The repository that its name belongs to; null for a direct reference. */
  readonly owner: OwnerSummary | null;
}

/** The name that its package has in its repository, where a person gave it another; null: it has its own. */
export function aliasedPackage(item: InstallationSummary): string | null {
  return isAlias(item) ? item.packageName : null;
}

/** A file of an installation, as it was placed. */
export interface FileSummary extends Omit<InstalledFile, "size" | "blake3"> {
  readonly sizeBytes: number;
  /** `blake3:` and hex digits; null: not known. */
  readonly blake3Digest: string | null;
}

/** A repository, whatever its name in the config is now. */
export interface OwnerSummary {
  /** What its index calls itself; null: it does not say. */
  readonly identity: string | null;
  /** Where its index is; null: not known. */
  readonly url: string | null;
  /** Whether its index is signed. */
  readonly signed: boolean;
  /** The keys that sign it. */
  readonly keys: readonly string[];
}

/** Leaves out the documents kept as evidence. */
export function summarize(installation: Installation): InstallationSummary {
  const { owner } = installation;
  // Key by key: what is left of an object by taking some keys out has several times the size, and there may be many.
  return {
    name: installation.name,
    dependencies: installation.dependencies,
    isDependency: installation.isDependency,
    packageName: installation.packageName,
    version: installation.version,
    wish: installation.wish,
    isPinned: installation.isPinned,
    unlinked: installation.unlinked,
    repository: installation.repository,
    family: installation.family,
    type: installation.type,
    reference: installation.reference,
    manifestDigest: installation.manifestDigest,
    programDigest: installation.programDigest,
    sizeBytes: installation.sizeBytes,
    directory: installation.directory,
    checks: installation.checks,
    skipped: installation.skipped,
    provenance: recordedProvenance(installation),
    publisherKey: installation.publisherKey,
    signedAs: installation.signedAs,
    signedBy: installation.signedBy,
    keg: installation.keg,
    image: installation.image,
    installedAt: installation.installedAt,
    requested: installation.requested,
    links: installation.links,
    taken: installation.taken,
    id: installation.packageId,
    files: installation.files.map(summarizeFile),
    orphaned: isOrphaned(installation),
    owner: owner === null ? null : summarizeOwner(owner),
  };
}

function summarizeFile({ path, digest, size, mode, blake3 }: InstalledFile): FileSummary {
  return { path, digest, sizeBytes: size, mode, blake3Digest: blake3 === null ? null : `blake3:${blake3}` };
}

function summarizeOwner({ identity, url, keySet }: PackageOwner): OwnerSummary {
  return { identity, url, signed: keySet !== null, keys: keySet?.keys ?? [] };
}

/** The provenance that was recorded with an installation; null when there is none. */
export function recordedProvenance({ provenance }: Pick<Installation, "provenance">): Provenance | null {
  return provenance === null ? null : (JSON.parse(provenance) as Provenance);
}

/** Installations, and the names that are none. */
export interface ListOutcome {
  readonly packages: readonly (InstallationSummary | FailedName)[];
}

/** What is installed, by name; of it only what is named, if anything is. NOT_INSTALLED for what is not. */
export async function list(
  cap: StateCapabilities,
  texts: readonly string[],
  directory: string,
): Promise<WithErrors<ListOutcome>> {
  const { installations } = await cap.records();
  if (texts.length === 0) return { outcome: { packages: installations.list().map(summarize) }, errors: [] };
  const { found, missing } = findAllInstalled({ installations, directory }, texts);
  const packages = [...found.map(({ installation }) => summarize(installation)), ...missing.map(describeMissing)];
  return { outcome: { packages }, errors: missing.map(({ error }) => error) };
}

/** The names in the bin directory under which the programs of an installation are found. */
export function linkedPrograms({ links }: Pick<Installation, "links">): readonly string[] {
  return programLinks(links).map(({ path }) => path);
}

/** What one installation placed. */
export interface FilesOutcome {
  readonly name: string;
  readonly version: string;
  /** Absolute paths. */
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly digest: string }[];
  readonly links: readonly PlacedLinkSummary[];
}

/** A link, and what it is, unless it is one to a program or in the prefix; absolute paths. */
export interface PlacedLinkSummary extends InstalledLink {
  readonly holds?: HoldingKind;
}

/** What was placed for one installation, named as `install` takes it. @throws {PkgError} as findInstalled */
export async function files(cap: StateCapabilities, text: string, workingDirectory: string): Promise<FilesOutcome> {
  const { installations } = await cap.records();
  const installation = findInstalled({ installations, directory: workingDirectory }, text);
  const places = placesOf(cap.config.paths, installation.keg?.prefix);
  const directory = packagePath(places, installation.directory);
  return {
    name: installation.name,
    version: installation.version,
    files: installation.files.map(({ path, size, digest }) => ({
      path: join(directory, path),
      sizeBytes: size,
      digest,
    })),
    links: installation.links.map(({ path, target, kind }) => ({
      path: linkPath(places, path),
      target: packagePath(places, placeIn(installation.directory, target)),
      kind,
      ...(isInData(path) ? { holds: kindOfPlace(pathOfPlace(path)) } : {}),
    })),
  };
}

/** Which installation placed a path. */
export interface OwnsOutcome {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** Which installation a path belongs to, links are followed; or a word that `install` takes means. @throws {PkgError} NOT_INSTALLED */
export async function owns(cap: StateCapabilities, typed: string, directory: string): Promise<OwnsOutcome> {
  const path = typed.includes(sep) ? resolve(directory, typed) : join(cap.config.paths.bin, typed);
  const records = await cap.records();
  const owner = ownerOf(records, placesOf(cap.config.paths, records.installations.prefix()), path);
  if (owner !== null) return { path, name: owner.name, version: owner.version };
  const words = { installations: records.installations, directory };
  if (isKnownWord(words, typed)) {
    const { name, version, directory: own, keg } = findInstalled(words, typed);
    return { path: packagePath(placesOf(cap.config.paths, keg?.prefix), own), name, version };
  }
  throw new PkgError("NOT_INSTALLED", `Cannot tell who owns "${path}": no installed package placed it`, {
    hint: "Run `pkg files NAME` to see what a package placed",
  });
}

/** Paths are compared by what they are: a home may be reached through links. */
function ownerOf({ installations }: Records, places: Places, path: string): Installation | null {
  const entry = canonicalEntry(path);
  const link = linkAt(places, entry);
  const byLink = link === null ? null : installations.linkOwner(link);
  if (byLink !== null) return installations.get(byLink);
  const found = [...new Set([entry, canonicalPath(path)])];
  return (
    installations.list().find(({ directory }) => {
      const own = canonicalEntry(packagePath(places, directory));
      return found.some((place) => place === own || place.startsWith(own + sep));
    }) ?? null
  );
}

/** The place of a link, as in `InstalledLink.path`, by its canonical path; null: no link is there. */
function linkAt({ binDirectory, prefixDirectory, dataDirectory }: Places, entry: string): string | null {
  if (dirname(entry) === canonicalPath(binDirectory)) return basename(entry);
  const [prefix, data] = [canonicalPath(prefixDirectory) + sep, canonicalPath(dataDirectory) + sep];
  if (entry.startsWith(prefix)) return inPrefix(entry.slice(prefix.length));
  return entry.startsWith(data) ? inData(entry.slice(data.length)) : null;
}

/** True for a word that `install` takes and that names something installed, whatever version it says. */
function isKnownWord(words: InstalledWords, typed: string): boolean {
  try {
    return findAnyway(words, typed) !== null;
  } catch (error) {
    if (hasCode(error, "SPEC_INVALID", "REFERENCE_INVALID")) return false;
    throw error;
  }
}
