import { lstat, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { syncDirectory } from "../fs/atomic.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { withoutManifest } from "../oci-layout/layout-index.ts";
import { listEntries, modifiedAt, orNull } from "./files.ts";
import { createLayout, type Layout } from "./layout.ts";
import { listFolders } from "./list-repositories.ts";
import { markRepository } from "./mark-repository.ts";
import { createRepositoryIndexes, type RepositoryIndexes } from "./repository-index.ts";
import { viewOf } from "./repository-view.ts";

export interface GarbageOptions {
  readonly root: string;
  /** Tells what would be removed, and removes nothing. */
  readonly dryRun: boolean;
  /** What is younger stays: a push may be about to name it. Milliseconds. */
  readonly graceMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether manifests that no tag leads to stay. */
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
  /** Files of blobs and manifests, and drafts that a killed process left. */
  readonly files: number;
  /** Of `files`. */
  readonly bytes: number;
}

/** How a file is called while it is written. */
const DRAFT = /^\..+\.(?:part|tmp)$/;

/** What one repository has to lose, found before anything is removed. */
interface Plan {
  readonly name: string;
  readonly manifests: readonly Digest[];
  readonly links: readonly string[];
}

/**
 * Removes what no manifest uses. All repositories are read before anything goes; then manifests, memberships and files
 * go in that order, so that whatever is there when it is killed is whole, and the next run goes on.
 *
 * Nobody else may write to `root` meanwhile: the caller holds the lock that a running server holds too. The grace
 * period spares pushes that began before the server was stopped and end once it runs again.
 *
 * @throws {PkgError} LAYOUT_INVALID when an index or a manifest cannot be read: nothing has been removed then
 */
export async function collectGarbage(options: GarbageOptions): Promise<GarbageReport> {
  const layout = createLayout(options.root);
  const indexes = createRepositoryIndexes(layout);
  const live = new Set<Digest>();
  const plans: Plan[] = [];
  for (const { name } of await listFolders(layout)) {
    options.signal.throwIfAborted();
    plans.push(await planRepository({ layout, indexes, live, options }, name));
  }
  const names = plans.map(({ name }) => name);
  const garbage = await oldOnes(await findGarbage(layout, live, names), options.now - options.graceMs);
  if (!options.dryRun) {
    for (const plan of plans) await clearRepository(layout, indexes, plan);
    for (const { path } of garbage) await rm(path, { force: true });
    for (const directory of layout.blobs) if (garbage.length > 0) syncDirectory(directory);
  }
  return {
    repositories: plans.length,
    manifests: sum(plans, (plan) => plan.manifests.length),
    links: sum(plans, (plan) => plan.links.length),
    files: garbage.length,
    bytes: sum(garbage, ({ size }) => size),
  };
}

interface Planning {
  readonly layout: Layout;
  readonly indexes: RepositoryIndexes;
  /** Gathers what must stay. */
  readonly live: Set<Digest>;
  readonly options: GarbageOptions;
}

async function planRepository({ layout, indexes, live, options }: Planning, name: string): Promise<Plan> {
  const view = viewOf(await indexes.read(name));
  const youngSince = options.now - options.graceMs;
  const marked = await markRepository(view, { layout, untagged: options.untagged, youngSince });
  for (const digest of [...marked.manifests, ...marked.named]) live.add(digest);
  const links: string[] = [];
  for (const entry of await listEntries(layout.links(name))) {
    const digest = digestOfLink(entry);
    if (digest === null) continue;
    const isUsed = marked.named.has(digest) || (await isYoung(layout.link(name, digest), youngSince));
    if (isUsed) live.add(digest);
    else links.push(layout.link(name, digest));
  }
  return { name, manifests: [...view.byDigest.keys()].filter((digest) => !marked.manifests.has(digest)), links };
}

async function clearRepository(layout: Layout, indexes: RepositoryIndexes, plan: Plan): Promise<void> {
  if (plan.manifests.length > 0) {
    await indexes.change(plan.name, (index) => ({
      index: plan.manifests.reduce(withoutManifest, index),
      result: undefined,
    }));
  }
  for (const path of plan.links) await rm(path, { force: true });
  if (plan.links.length > 0) syncDirectory(layout.links(plan.name));
}

interface GarbageFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Files of blobs that nothing keeps, and drafts; whatever else lies there is somebody's. */
async function findGarbage(
  layout: Layout,
  live: ReadonlySet<Digest>,
  names: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const directory of layout.blobs) {
    for (const entry of await listEntries(directory)) {
      const digest = `${basename(directory)}:${entry}`;
      if (isDigest(digest) ? !live.has(digest) : DRAFT.test(entry)) found.push(join(directory, entry));
    }
  }
  for (const directory of names.map(layout.repository)) {
    const drafts = (await listEntries(directory)).filter((entry) => DRAFT.test(entry));
    found.push(...drafts.map((entry) => join(directory, entry)));
  }
  return found;
}

async function oldOnes(paths: readonly string[], youngSince: number): Promise<readonly GarbageFile[]> {
  const found: GarbageFile[] = [];
  for (const path of paths) {
    const stats = await orNull(lstat(path));
    if (stats !== null && stats.mtimeMs < youngSince) found.push({ path, size: stats.size });
  }
  return found;
}

async function isYoung(path: string, youngSince: number): Promise<boolean> {
  const writtenAt = await modifiedAt(path);
  return writtenAt !== null && writtenAt >= youngSince;
}

function digestOfLink(entry: string): Digest | null {
  const digest = entry.replace("-", ":");
  return isDigest(digest) ? digest : null;
}

function sum<T>(entries: readonly T[], size: (entry: T) => number): number {
  return entries.reduce((total, entry) => total + size(entry), 0);
}
