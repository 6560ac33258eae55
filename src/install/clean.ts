import { lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { HOUR_MS } from "../base/duration.ts";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { removeUnneeded, type UnneededFile, unneededFiles } from "../blobs/unneeded.ts";
import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { neededByLocks } from "../declare/needed-by-locks.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeFile } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { GenerationRule } from "../state/forget-generations.ts";

/** What `pkg clean` was asked for. */
export interface CleanRequest {
  readonly dryRun: boolean;
  /** Whether only what is installed now is kept: there is nothing to go back to. */
  readonly all: boolean;
}

/** What was removed of one kind, or would be. */
export interface CleanedKind {
  readonly kind: "generations" | "blobs" | "partial files" | "indexes" | "environments" | "old versions";
  readonly count: number;
  readonly freedBytes: number;
}

/** What `pkg clean` returns. */
export interface CleanOutcome {
  readonly dryRun: boolean;
  readonly cleaned: readonly CleanedKind[];
  readonly freedBytes: number;
}

/** What cleaning uses of the world. */
export type CleanCapabilities = Pick<Capabilities, "config" | "records" | "state" | "now" | "emit">;

/** Removes environments: those of environments/, which stands beside this room. */
export type CleanEnvironments = (how: {
  readonly olderThanMs: number;
  readonly isDryRun: boolean;
  readonly nowMs: number;
  readonly locked: ReadonlySet<Digest>;
}) => readonly { readonly sizeBytes: number }[];

/** Blobs and partial files that were touched later may be in use by a process that fetches: at least with --all. */
const BUSY_MS = HOUR_MS;

/**
 * Removes what nothing needs: generations that are too old, blobs that none of those left could bring back, partial files,
 * environments that were not used for as long, and indexes of repositories that are gone.
 *
 * @throws {PkgError} INTERRUPTED, LOCKED, PERMISSION_DENIED, FILE_SYSTEM; those of the database
 */
export async function clean(
  cap: CleanCapabilities,
  request: CleanRequest,
  cleanEnvironments: CleanEnvironments,
): Promise<CleanOutcome> {
  refuseToLook(cap.config);
  const how = { ...request, nowMs: cap.now(), locked: lockedFor(cap), alone: unguarded };
  if (request.dryRun) {
    const records = await cap.records();
    return cleanAll(cap.config, records, { ...how, old: records.profile.oldVersions() }, cleanEnvironments);
  }
  const state = await cap.state({ freesRoom: true });
  const { alone } = state.blobs;
  return state.withLock(() => {
    // What was placed there is known as long as the store has it.
    const old = state.profile.clearOldVersions();
    return cleanAll(cap.config, state, { ...how, alone, old }, cleanEnvironments);
  });
}

/** What lock files need; of one that cannot be read, nobody knows. */
function lockedFor({ config, emit }: CleanCapabilities): ReadonlySet<Digest> {
  const { digests, unreadable } = neededByLocks(config.paths);
  for (const { message } of unreadable) emit({ kind: "warning", message: `What this needs is not kept: ${message}` });
  return digests;
}

/** What the store holds for all users is closed to those who may only read what is installed. */
function refuseToLook({ isSystem, mayChange, paths }: Config): void {
  if (!isSystem || mayChange) return;
  throw new PkgError(
    "PERMISSION_DENIED",
    `Cannot clean "${dirname(paths.sharedDatabase)}": only root may look into its store`,
    {
      hint: "Type the command with `sudo`",
    },
  );
}

type CleanHow = CleanRequest &
  Pick<State["blobs"], "alone"> & {
    readonly nowMs: number;
    readonly locked: ReadonlySet<Digest>;
    /** Directories of older versions, whose files have another name in the store. */
    readonly old: readonly string[];
  };

/** Where nothing is removed, it does not matter who uses the store. */
function unguarded(work: () => void): boolean {
  work();
  return true;
}

/** @throws {PkgError} LOCKED when a process that changes another profile uses the store */
function cleanStoreAlone(records: Records, config: Config, how: CleanHow): CleanedStore {
  let cleaned: CleanedStore = { forgotten: 0, files: [] };
  const isDone = how.alone(() => {
    cleaned = cleanStore(records, config, how);
  });
  if (isDone) return cleaned;
  throw new PkgError("LOCKED", `Cannot clean "${config.paths.blobs}": another process uses it for another profile`, {
    hint: "Run the command again once that has ended",
  });
}

function cleanAll(config: Config, records: Records, how: CleanHow, cleanEnvironments: CleanEnvironments): CleanOutcome {
  const { dryRun, all, nowMs, locked } = how;
  const { forgotten, files } = cleanStoreAlone(records, config, how);
  const indexes = goneIndexes(config);
  if (!dryRun) for (const { path } of indexes) removeFile(path);
  const olderThanMs = all ? 0 : (config.keepMs ?? Number.POSITIVE_INFINITY);
  const environments = cleanEnvironments({ olderThanMs, isDryRun: dryRun, nowMs, locked });
  const cleaned = [
    kindOf(
      "old versions",
      how.old.map(() => ({ freedBytes: 0 })),
    ),
    kindOf(
      "generations",
      Array.from({ length: forgotten }, () => ({ freedBytes: 0 })),
    ),
    kindOf(
      "blobs",
      files.filter(({ kind }) => kind === "blob"),
    ),
    kindOf(
      "partial files",
      files.filter(({ kind }) => kind === "partial"),
    ),
    kindOf("indexes", indexes),
    kindOf(
      "environments",
      environments.map(({ sizeBytes }) => ({ freedBytes: sizeBytes })),
    ),
  ].filter(({ count }) => count > 0);
  return { dryRun, cleaned, freedBytes: cleaned.reduce((sum, { freedBytes }) => sum + freedBytes, 0) };
}

function kindOf(kind: CleanedKind["kind"], items: readonly { readonly freedBytes: number }[]): CleanedKind {
  return { kind, count: items.length, freedBytes: items.reduce((sum, { freedBytes }) => sum + freedBytes, 0) };
}

interface CleanedStore {
  /** How many generations. */
  readonly forgotten: number;
  readonly files: readonly UnneededFile[];
}

function cleanStore(
  { installations, generations, forget }: Records,
  config: Config,
  { dryRun, all, locked, nowMs }: CleanHow,
): CleanedStore {
  const before = { digests: installations.referencedDigests(), count: generations.list().length };
  const { digests, generations: left } = forget(all ? "all" : ruleOf(config, nowMs), { isDryRun: dryRun });
  const keep = digests.union(locked);
  const gone = before.digests.difference(keep);
  const untouchedSinceMs = nowMs - (all ? BUSY_MS : PARTIAL_LIFE_MS);
  const files = unneededFiles({ root: config.paths.blobs, keep, gone, untouchedSinceMs });
  if (!dryRun) removeUnneeded(files);
  return { forgotten: before.count - left, files };
}

/** How long generations are kept, and how many versions besides. */
function ruleOf({ keepMs, keepVersions, packages }: Config, nowMs: number): GenerationRule {
  const versionsOf = (name: string) => packages[name]?.keepVersions ?? keepVersions;
  return { before: keepMs === null ? "" : new Date(nowMs - keepMs).toISOString(), versionsOf };
}

/** Files of indexes of repositories that are not configured any more. @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED */
export function goneIndexes({
  paths,
  repositories,
}: Config): readonly { readonly path: string; readonly freedBytes: number }[] {
  const known = new Set(repositories.map(({ name }) => name));
  // Those of other platforms, for a lock file, are in a directory of their own each.
  const directories = [paths.index, ...directoriesIn(paths.index)];
  const files = directories.flatMap((directory) => entriesOf(directory).map((name) => ({ directory, name })));
  return files.flatMap(({ directory, name }) => {
    const repository = /^(?<name>.+?)(?:\.db(?:-wal|-shm)?|\.failed\.json)$/.exec(name)?.groups?.["name"];
    const path = join(directory, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return repository === undefined || known.has(repository) || stats?.isFile() !== true
      ? []
      : [{ path, freedBytes: stats.size }];
  });
}

function directoriesIn(directory: string): readonly string[] {
  return entriesOf(directory)
    .map((name) => join(directory, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory());
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `list "${directory}"`);
  }
}
