import { type Digest, isDigest } from "../oci/digest.ts";
import { withoutManifest } from "../oci-layout/index-json.ts";
import { listFolders } from "./list-repositories.ts";
import { markRepository } from "./mark-repository.ts";
import { createRepositoryIndexes, type RepositoryIndexes } from "./repository-index.ts";
import { viewOf } from "./repository-view.ts";
import { RootFiles } from "./root-files.ts";
import { baseOf, type RootPath, rootPath } from "./root-path.ts";
import { type StoragePaths, storagePaths } from "./storage-paths.ts";

/** Which registry to clean up, and what to remove. */
export interface GarbageOptions {
  readonly root: string;
  /** Reports what would be removed, and removes nothing. */
  readonly dryRun: boolean;
  /** Anything younger than this, in milliseconds, is kept: a push may be about to name it. */
  readonly graceMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether manifests that no tag leads to are kept. */
  readonly untagged: "keep" | "remove";
  readonly signal: AbortSignal;
}

/** What was removed, or would be. */
export interface GarbageReport {
  readonly repositories: number;
  /** Manifests that no tag led to. */
  readonly manifests: number;
  /** Memberships: blobs taken out of a repository in which no manifest names them. */
  readonly links: number;
  /** Files of blobs and manifests, and drafts that a killed process left behind. */
  readonly files: number;
  /** The size of `files`. */
  readonly bytes: number;
}

/** The name of a file while it is being written. */
const DRAFT = /^\..+\.(?:part|tmp)$/;

/** What will be removed from one repository, found before anything is removed. */
interface RepositoryGarbage {
  readonly name: string;
  readonly manifests: readonly Digest[];
  readonly links: readonly RootPath[];
}

/**
 * Removes what no manifest uses. All repositories are read before anything is removed; then manifests, memberships and
 * files are removed in that order, so that a run that is killed leaves nothing half removed and the next one continues.
 *
 * No other process may write to `root` meanwhile: the caller holds the lock that a running server also holds. The grace
 * period spares pushes that began before the server was stopped and will end once it runs again.
 *
 * @throws {PkgError} LAYOUT_INVALID when an index or a manifest cannot be read, FILE_SYSTEM when one is a link: nothing
 * has been removed then
 */
export async function collectGarbage(options: GarbageOptions): Promise<GarbageReport> {
  const files = RootFiles.find(options.root);
  if (files === null) return { repositories: 0, manifests: 0, links: 0, files: 0, bytes: 0 };
  const paths = storagePaths(files);
  const indexes = createRepositoryIndexes(paths);
  const live = new Set<Digest>();
  const repositories: RepositoryGarbage[] = [];
  for (const { name } of await listFolders(paths)) {
    options.signal.throwIfAborted();
    repositories.push(await findInRepository({ paths, indexes, live, options }, name));
  }
  const names = repositories.map(({ name }) => name);
  const garbage = await oldOnes(paths, await findGarbage(paths, live, names), options.now - options.graceMs);
  if (!options.dryRun) {
    for (const repository of repositories) await clearRepository(paths, indexes, repository);
    for (const { path } of garbage) await paths.files.remove(path);
  }
  return {
    repositories: repositories.length,
    manifests: sum(repositories, ({ manifests }) => manifests.length),
    links: sum(repositories, ({ links }) => links.length),
    files: garbage.length,
    bytes: sum(garbage, ({ size }) => size),
  };
}

interface Search {
  readonly paths: StoragePaths;
  readonly indexes: RepositoryIndexes;
  /** Collects what must stay. */
  readonly live: Set<Digest>;
  readonly options: GarbageOptions;
}

async function findInRepository({ paths, indexes, live, options }: Search, name: string): Promise<RepositoryGarbage> {
  const view = viewOf(await indexes.read(name));
  const youngSince = options.now - options.graceMs;
  const marked = await markRepository(view, { paths, untagged: options.untagged, youngSince });
  for (const digest of [...marked.manifests, ...marked.named]) live.add(digest);
  const links: RootPath[] = [];
  for (const entry of await paths.files.list(paths.links(name))) {
    const digest = digestOfLink(entry.name);
    if (digest === null) continue;
    const stats = await paths.files.stat(paths.link(name, digest));
    const isUsed = marked.named.has(digest) || (stats !== null && Number(stats.mtimeMs) >= youngSince);
    if (isUsed) live.add(digest);
    else links.push(paths.link(name, digest));
  }
  return { name, manifests: [...view.byDigest.keys()].filter((digest) => !marked.manifests.has(digest)), links };
}

async function clearRepository(
  paths: StoragePaths,
  indexes: RepositoryIndexes,
  { name, manifests, links }: RepositoryGarbage,
): Promise<void> {
  if (manifests.length > 0) {
    await indexes.change(name, (index) => ({
      index: manifests.reduce(withoutManifest, index),
      result: undefined,
    }));
  }
  for (const path of links) await paths.files.remove(path);
}

interface GarbageFile {
  readonly path: RootPath;
  /** Bytes. */
  readonly size: number;
}

/** Finds files of blobs that nothing keeps, and drafts; any other file is not the registry's own, and stays. */
async function findGarbage(
  paths: StoragePaths,
  live: ReadonlySet<Digest>,
  names: readonly string[],
): Promise<readonly RootPath[]> {
  const found: RootPath[] = [];
  for (const directory of paths.blobs) {
    for (const { name } of await paths.files.list(directory)) {
      const digest = `${baseOf(directory)}:${name}`;
      if (isDigest(digest) ? !live.has(digest) : DRAFT.test(name)) found.push(rootPath(directory, name));
    }
  }
  for (const directory of names.map(paths.repository)) {
    for (const { name } of await paths.files.list(directory)) {
      if (DRAFT.test(name)) found.push(rootPath(directory, name));
    }
  }
  return found;
}

async function oldOnes(
  { files }: StoragePaths,
  paths: readonly RootPath[],
  youngSince: number,
): Promise<readonly GarbageFile[]> {
  const found: GarbageFile[] = [];
  for (const path of paths) {
    const stats = await files.entry(path);
    if (stats !== null && Number(stats.mtimeMs) < youngSince) found.push({ path, size: Number(stats.size) });
  }
  return found;
}

function digestOfLink(entry: string): Digest | null {
  const digest = entry.replace("-", ":");
  return isDigest(digest) ? digest : null;
}

function sum<T>(entries: readonly T[], size: (entry: T) => number): number {
  return entries.reduce((total, entry) => total + size(entry), 0);
}
