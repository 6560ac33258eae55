import type { Digest } from "../oci/digest.ts";
import type { Installation, InstallationEvidence, InstalledLink, Needing } from "../package/installation.ts";
import { placeIn } from "../package/place.ts";
import type { ConfiguredOwner, PackageOwner } from "../package/repository-owner.ts";
import { type Database, IN_LIST, listed } from "./database.ts";
import { editionDigests } from "./edition-document.ts";
import {
  decodeEvidence,
  decodeFile,
  decodeInstallation,
  decodeKeg,
  decodeLink,
  decodeNeeding,
  type EvidenceRow,
  type FileRow,
  type InstallationRow,
  type LinkRow,
  type NeedingRow,
  type TakenRow,
} from "./installation-rows.ts";
import type { SavedFile } from "./intent.ts";
import { type Owners, ownerIn, ownersOf } from "./known-owners.ts";

/** A link in the bin directory as it was placed. */
export interface RecordedLink {
  /** Name of the installation. */
  readonly owner: string;
  /** Relative to the packages directory. */
  readonly target: string;
}

/** A link that another package has taken over. */
export interface TakenLink {
  /** Name of the package that it was taken from. */
  readonly name: string;
  /** The directory of that package, relative to the packages directory. */
  readonly directory: string;
  /** Relative to the directory. */
  readonly target: string;
  readonly kind: InstalledLink["kind"];
}

/** What is recorded of links, each by its name in the bin directory. */
export interface RecordedLinks {
  /** The name of the installation that placed a link in the bin directory; null: none. */
  linkOwner(linkName: string): string | null;
  /** The digest of the file that a link leads to, or is a copy of; null: there is no such link, or it leads to a directory. */
  linkedDigest(linkName: string): Digest | null;
  /** A link by its name in the bin directory. */
  findLink(linkName: string): RecordedLink | null;
  /** The packages that had a link before another one took it over, and want it still, the last one first. */
  takenFrom(linkName: string): readonly TakenLink[];
  /** What was moved aside for a link, and is to come back. */
  savedFor(linkName: string): readonly SavedFile[];
}

/** What is recorded as installed. */
export interface Installations extends RecordedLinks {
  /** All of them, ordered by name, without evidence: it is null or empty in each. */
  list(): readonly Installation[];
  /** All of them, ordered by name, as far as what each needs and who needs it matter: much less to read than list(). */
  needs(): readonly Needing[];
  /** One installation, with evidence; null when nothing is installed under the name. */
  get(name: string): Installation | null;
  /** Whose the packages of a repository of the config are; null: it is not known. */
  ownerOf(repository: string): PackageOwner | null;
  /**
   * The same records, to ask for very many links in: all that is recorded of these is read at once. Nothing may change them as long
   * as that is used.
   */
  withLinks(linkNames: Iterable<string>): Installations;
  /** Where bottles have been poured, absolute; null: nowhere. */
  prefix(): string | null;
  /** True if nothing is recorded as installed. */
  isEmpty(): boolean;
  /** True if a package is recorded in that directory, relative to the packages directory. */
  hasDirectory(directory: string): boolean;
  /** The name of the package that is recorded in that directory; null: none is. */
  nameAt(directory: string): string | null;
  /** The directories of all packages, relative to the packages directory. */
  directories(): ReadonlySet<string>;
  /**
   * Directories of packages that were removed, kept for what else is in them, and copies of their files that somebody has
   * edited: all, or those of one name.
   */
  leftovers(name?: string): readonly string[];
  /** What the package was installed as that a directory of leftovers() was of; null: it is none. */
  leftoverOf(directory: string): string | null;
  /** The places of the directories in the data directory that this program has made. */
  madeDirectories(): ReadonlySet<string>;
  /**
   * What has to stay in the store: the digests of every file of every installation, of those that kept generations could bring
   * back, and of what other profiles need.
   */
  referencedDigests(): ReadonlySet<Digest>;
}

const NO_EVIDENCE: InstallationEvidence = {
  manifest: null,
  checksum: null,
  checksumSignature: null,
  entry: null,
  signatures: {},
};

/**
 * Reads what is recorded as installed; the journal alone writes it.
 *
 * @param configured the repositories of the config; null: it is not known which ones it has
 * @param elsewhere what other profiles of the same store need of it
 */
export function createInstallations(
  database: Database,
  configured: readonly ConfiguredOwner[] | null = null,
  elsewhere: () => ReadonlySet<Digest> = () => new Set(),
): Installations {
  const owners = ownersOf(database, configured);
  const installations: Installations = {
    ...recordedLinks(database),
    withLinks: (linkNames) => ({ ...installations, ...recordedLinksAt(database, linkNames) }),
    list: () => database.snapshot(() => list(database, owners.all())),
    needs: () =>
      database
        .all<NeedingRow>("SELECT name, dependencies, is_dependency FROM installations ORDER BY name")
        .map(decodeNeeding),
    get: (name) => database.snapshot(() => get(database, name, owners.all())),
    ownerOf: owners.inUse,
    prefix: () => {
      const row = database.get<{ keg: string }>("SELECT keg FROM installations WHERE keg IS NOT NULL LIMIT 1");
      return row === undefined ? null : decodeKeg(row.keg).prefix;
    },
    isEmpty: () => database.get("SELECT 1 FROM installations LIMIT 1") === undefined,
    hasDirectory: (directory) =>
      database.get("SELECT 1 FROM installations WHERE directory = ?", directory) !== undefined,
    nameAt: (directory) =>
      database.get<{ name: string }>("SELECT name FROM installations WHERE directory = ?", directory)?.name ?? null,
    directories: () =>
      new Set(
        database.all<{ directory: string }>("SELECT directory FROM installations").map(({ directory }) => directory),
      ),
    leftovers: (name) => leftovers(database, name),
    leftoverOf: (directory) =>
      database.get<{ name: string }>("SELECT name FROM leftovers WHERE directory = ?", directory)?.name ?? null,
    madeDirectories: () =>
      new Set(database.all<{ place: string }>("SELECT place FROM made_directories").map(({ place }) => place)),
    referencedDigests: () =>
      new Set([
        ...database.all<{ digest: Digest }>("SELECT DISTINCT digest FROM files").map(({ digest }) => digest),
        ...editionDigests(database),
        ...elsewhere(),
      ]),
  };
  return installations;
}

function list(database: Database, owners: Owners): readonly Installation[] {
  const files = Map.groupBy(database.all<FileRow>("SELECT * FROM files ORDER BY position"), byInstallation);
  const links = Map.groupBy(database.all<LinkRow>("SELECT * FROM links ORDER BY position"), byInstallation);
  const taken = Map.groupBy(database.all<TakenRow>("SELECT * FROM taken_links ORDER BY path"), byInstallation);
  return database.all<InstallationRow>("SELECT * FROM installations ORDER BY name").map((row) =>
    decodeInstallation(row, {
      owner: ownerIn(owners, row),
      files: (files.get(row.name) ?? []).map(decodeFile),
      links: (links.get(row.name) ?? []).map(decodeLink),
      taken: (taken.get(row.name) ?? []).map(decodeLink),
      evidence: NO_EVIDENCE,
    }),
  );
}

function byInstallation({ installation }: { readonly installation: string }): string {
  return installation;
}

function get(database: Database, name: string, owners: Owners): Installation | null {
  const row = database.get<InstallationRow>("SELECT * FROM installations WHERE name = ?", name);
  if (row === undefined) return null;
  const files = database.all<FileRow>("SELECT * FROM files WHERE installation = ? ORDER BY position", name);
  const links = database.all<LinkRow>("SELECT * FROM links WHERE installation = ? ORDER BY position", name);
  const taken = database.all<TakenRow>("SELECT * FROM taken_links WHERE installation = ? ORDER BY path", name);
  const evidence = database.all<EvidenceRow>("SELECT kind, title, content FROM evidence WHERE installation = ?", name);
  return decodeInstallation(row, {
    owner: ownerIn(owners, row),
    files: files.map(decodeFile),
    links: links.map(decodeLink),
    taken: taken.map(decodeLink),
    evidence: decodeEvidence(evidence),
  });
}

function leftovers(database: Database, name: string | undefined): readonly string[] {
  return database
    .all<{ directory: string; name: string }>("SELECT directory, name FROM leftovers ORDER BY directory")
    .filter((row) => name === undefined || row.name === name)
    .map(({ directory }) => directory);
}

interface OwnedRow {
  readonly path: string;
  readonly owner: string;
  readonly directory: string;
  readonly target: string;
  readonly digest: Digest | null;
}

interface ClaimRow extends TakenLink {
  readonly path: string;
}

/** Rows by the path that they are about. */
interface Rows {
  link(path: string): OwnedRow | undefined;
  taken(path: string): readonly ClaimRow[];
  saved(path: string): readonly SavedFile[];
}

/** Asks for each link when it is needed. */
function recordedLinks(database: Database): RecordedLinks {
  return decoded(rowsOf(database));
}

/**
 * What is recorded of some links, all of it read when one of them is first asked for: of thousands, each would be a query of its
 * own. Of others it is read when it is needed. What is recorded must not change as long as this is used.
 */
function recordedLinksAt(database: Database, paths: Iterable<string>): RecordedLinks {
  return decoded(rowsAt(database, new Set(paths)));
}

function decoded(rows: Rows): RecordedLinks {
  return {
    linkOwner: (path) => rows.link(path)?.owner ?? null,
    linkedDigest: (path) => rows.link(path)?.digest ?? null,
    findLink: (path) => {
      const row = rows.link(path);
      return row === undefined ? null : { owner: row.owner, target: placeIn(row.directory, row.target) };
    },
    takenFrom: (path) => rows.taken(path).map(({ path: _, ...taken }) => taken),
    savedFor: (path) => rows.saved(path),
  };
}

function rowsOf(database: Database): Rows {
  // A statement is found again by its text.
  const [links, taken, saved] = [linksWhere("links.path = ?"), takenWhere("path = ?"), savedWhere("path = ?")];
  return {
    link: (path) => database.get<OwnedRow>(links, path),
    taken: (path) => database.all<ClaimRow>(taken, path),
    saved: (path) => database.all<SavedFile>(saved, path),
  };
}

/** In the list of a query, a text with half a character in it is another one than as a value: that is asked for alone. */
function rowsAt(database: Database, paths: ReadonlySet<string>): Rows {
  const one = rowsOf(database);
  const isListed = (path: string) => paths.has(path) && path.isWellFormed();
  const allOf = <Row extends { readonly path: string }>(sql: string) =>
    firstTime(() => Map.groupBy(database.all<Row>(sql, listed(paths)), ({ path }) => path));
  const links = allOf<OwnedRow>(linksWhere(`links.path ${IN_LIST}`));
  const taken = allOf<ClaimRow>(takenWhere(`path ${IN_LIST}`));
  const saved = allOf<SavedFile>(savedWhere(`path ${IN_LIST}`));
  return {
    link: (path) => (isListed(path) ? links().get(path)?.[0] : one.link(path)),
    taken: (path) => (isListed(path) ? (taken().get(path) ?? []) : one.taken(path)),
    saved: (path) => (isListed(path) ? (saved().get(path) ?? []) : one.saved(path)),
  };
}

function firstTime<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function linksWhere(condition: string): string {
  return `SELECT links.path AS path, links.installation AS owner, directory, links.target AS target, digest
    FROM links JOIN installations ON links.installation = name
    LEFT JOIN files ON files.installation = links.installation AND files.path = links.target WHERE ${condition}`;
}

function takenWhere(condition: string): string {
  return `SELECT path, name, directory, target, taken_links.kind AS kind
    FROM taken_links JOIN installations ON installation = name
    WHERE ${condition} AND NOT EXISTS (SELECT 1 FROM json_each(unlinked)
      WHERE value = taken_links.path OR (value = '*' AND taken_links.path NOT LIKE '@%')) ORDER BY id DESC`;
}

function savedWhere(condition: string): string {
  return `SELECT path, saved, stamp FROM saved_files WHERE ${condition} ORDER BY length(saved) DESC, saved DESC`;
}
