import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { HOUR_MS } from "../base/duration.ts";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { systemCode } from "../errors.ts";
import { syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { BLOB_ALGORITHMS, entriesOf } from "./check.ts";
import { invalidLayout, layoutDirectory } from "./directory.ts";
import { partialState } from "./partial.ts";
import { walkLayout } from "./walk.ts";

/** How garbage is collected. */
export interface CollectOptions {
  /** Reports what would be removed without removing it. */
  readonly dryRun: boolean;
  /** Files changed less than this many ms before `nowMs` are kept: a running copy may not have named them yet. */
  readonly graceMs: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** What was removed, or would be. */
export interface CollectReport {
  readonly removed: readonly Digest[];
  /** The number of partial blobs, which no copy will resume. */
  readonly partials: number;
  /** Bytes freed. */
  readonly bytes: number;
}

/** How long an unreferenced blob is kept, in ms: its writer may be about to write the manifest that names it. */
export const DEFAULT_GRACE_MS = HOUR_MS;

/**
 * Removes blobs that are not reachable from the index, and partial blobs that no process is writing. Nothing is removed
 * if a manifest cannot be read, because the blobs it names would be mistaken for garbage.
 *
 * @throws {PkgError} LAYOUT_INVALID, also if the layout is damaged or shares its blobs with others; LOCKED,
 * INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function collectLayout(directory: string, options: CollectOptions): Promise<CollectReport> {
  const files = layoutDirectory(directory);
  await files.readIndex();
  if (await files.sharesBlobs()) throw invalidLayout(files.location, "its blobs are shared with other layouts");
  let report: CollectReport = { removed: [], partials: 0, bytes: 0 };
  // Under the lock of the index, so that no new manifest can name these blobs meanwhile.
  await files.changeIndex(async (index) => {
    const { blobs, problems } = await walkLayout(files, { index, damaged: new Set(), signal: options.signal });
    const isDamaged = index.others.length > 0 || problems.some(({ kind }) => kind === "invalid" || kind === "corrupt");
    if (isDamaged)
      throw invalidLayout(files.location, "one of its manifests cannot be read, so the blobs it names are unknown");
    report = await sweep(join(directory, "blobs"), options, (digest) => blobs.has(digest));
    return index;
  }, options.signal);
  return Object.freeze(report);
}

interface Candidate {
  readonly path: string;
  /** Null for a partial blob. */
  readonly digest: Digest | null;
  readonly size: number;
}

async function sweep(
  blobs: string,
  options: CollectOptions,
  isNamed: (digest: Digest) => boolean,
): Promise<CollectReport> {
  const garbage: Candidate[] = [];
  for (const algorithm of BLOB_ALGORITHMS) {
    const directory = join(blobs, algorithm);
    const before = garbage.length;
    for (const entry of await entriesOf(directory)) {
      if (!entry.isFile()) continue;
      const found = await candidateOf(directory, entry.name, { algorithm, ...options });
      if (found !== null && (found.digest === null || !isNamed(found.digest))) garbage.push(found);
    }
    if (options.dryRun || garbage.length === before) continue;
    for (const { path } of garbage.slice(before)) await remove(path);
    syncDirectory(directory);
  }
  return {
    removed: garbage.flatMap(({ digest }) => digest ?? []),
    partials: garbage.filter(({ digest }) => digest === null).length,
    bytes: garbage.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Null for a file that is too recent or is not part of a layout. */
async function candidateOf(
  directory: string,
  name: string,
  { algorithm, graceMs, nowMs }: CollectOptions & { readonly algorithm: string },
): Promise<Candidate | null> {
  const path = join(directory, name);
  const digest = `${algorithm}:${name}`;
  const state = partialState(name);
  if (!isDigest(digest) && state === "none") return null;
  const stats = await statsOf(path);
  if (stats === null) return null;
  const ageMs = nowMs - stats.mtimeMs;
  if (ageMs < (state === "owned" ? Math.max(graceMs, PARTIAL_LIFE_MS) : graceMs)) return null;
  return { path, digest: isDigest(digest) ? digest : null, size: stats.size };
}

async function statsOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    // Its writer has renamed it in the meantime.
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileSystemError(error, `remove "${path}"`);
  }
}
