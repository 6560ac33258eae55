import { type Dirent, lstatSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { systemCode } from "../errors.ts";
import { removeFile, removeTree } from "../fs/atomic.ts";
import { directoriesInUse } from "../fs/directories-in-use.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readEnvironment } from "./environment.ts";
import { environmentRoots, isAbandoned, stagingPath } from "./environment-place.ts";
import { lookupDirectory } from "./lookup.ts";

/** What is to be cleaned. */
export interface CleanOptions {
  /** Ms since an environment was last used; 0: all that nothing runs in. */
  readonly olderThanMs: number;
  readonly isDryRun: boolean;
  /** Ms since the epoch. */
  readonly nowMs: number;
  /** What lock files need: an environment that has nothing else stays. */
  readonly locked: ReadonlySet<string>;
}

/** An environment that was removed, or would be. */
export interface CleanedEnvironment {
  /** Absolute. */
  readonly directory: string;
  /** Packages as `NAME VERSION`, those that were asked for first; empty for what a killed process left. */
  readonly packages: readonly string[];
  /** Bytes of the files that nothing else has. */
  readonly sizeBytes: number;
}

/**
 * Removes the environments that were not used for a while and that no process runs in, what killed processes left beside them, and
 * what remembers them.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function cleanEnvironments(
  paths: Paths,
  { olderThanMs, isDryRun, nowMs, locked }: CleanOptions,
): readonly CleanedEnvironment[] {
  const isOld = (path: string) => nowMs - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs) >= olderThanMs;
  const found = environmentRoots(paths).flatMap((root) =>
    entriesOf(root).flatMap(({ name }) => (isOurs(root, name) ? [{ name, directory: join(root, name) }] : [])),
  );
  const old = found.filter(
    ({ name, directory }) => isAbandoned(name) || (isOld(directory) && !isLocked(directory, locked)),
  );
  const used = directoriesInUse(old.map(({ directory }) => directory));
  const cleaned = old.filter(({ directory }) => !used.has(directory)).map(({ directory }) => describe(directory));
  if (isDryRun) return cleaned;
  for (const { directory } of cleaned) discardEnvironment(directory);
  cleanLookups(paths, isOld);
  return cleaned;
}

/** Whether it is one of a project that is locked. */
function isLocked(directory: string, locked: ReadonlySet<string>): boolean {
  const packages = locked.size === 0 ? [] : (readEnvironment(directory)?.packages ?? []);
  return packages.length > 0 && packages.every(({ digest }) => locked.has(digest));
}

/** What has no record, and no name that this program makes beside them, is somebody else's. */
function isOurs(root: string, name: string): boolean {
  return isAbandoned(name) || (!name.startsWith(".") && readEnvironment(join(root, name)) !== null);
}

function describe(directory: string): CleanedEnvironment {
  const packages = readEnvironment(directory)?.packages ?? [];
  const inOrder = packages.toSorted((a, b) => Number(a.isDependency) - Number(b.isDependency));
  return {
    directory,
    packages: inOrder.map(({ name, version }) => `${name} ${version}`),
    sizeBytes: freedBy(directory),
  };
}

/**
 * Removes one environment, or what is left of one. Under another name first: whoever looks for it meanwhile finds all of it, or
 * nothing.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function discardEnvironment(directory: string): void {
  const away = stagingPath(directory.replace(/\/\.([0-9a-f]+)-[^/]*$/, "/$1"));
  try {
    renameSync(directory, away);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw fileSystemError(error, `remove "${directory}"`);
  }
  removeTree(away);
}

function cleanLookups(paths: Paths, isOld: (path: string) => boolean): void {
  const directory = lookupDirectory(paths);
  for (const { name } of entriesOf(directory)) if (isOld(join(directory, name))) removeFile(join(directory, name));
}

function freedBy(directory: string): number {
  return entriesOf(directory).reduce((sum, entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sum + freedBy(path);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return sum + (stats?.isFile() === true && stats.nlink === 1 ? stats.size : 0);
  }, 0);
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `list "${directory}"`);
  }
}
