import { existsSync, lstatSync, readdirSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { profileNames } from "../config/profile-names.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { type RemoveCapabilities, remove } from "../install/remove.ts";
import { createInstallations } from "../state/installations.ts";
import { withLock } from "../state/lock.ts";
import { openPicture } from "../state/picture.ts";
import { expectOwn, previousProgram } from "./own-program.ts";

/** What install.sh places beside the program. */
const SHARED = [
  "man/man1/pkg.1",
  "bash-completion/completions/pkg",
  "zsh/site-functions/_pkg",
  "fish/vendor_completions.d/pkg.fish",
];

export interface SelfUninstallRequest {
  readonly program: string | null;
  /** Whether all packages and everything that was fetched go too. */
  readonly purge: boolean;
  /** Whether the config file and the keys go as well; only with `purge`. */
  readonly settings: boolean;
  readonly dryRun: boolean;
}

export interface SelfUninstallOutcome {
  readonly dryRun: boolean;
  /** Files and directories, absolute. */
  readonly removed: readonly string[];
  /** What stays, absolute. */
  readonly left: readonly string[];
}

type UninstallCapabilities = RemoveCapabilities & { readonly config: { readonly paths: Paths } };

/** What an uninstall would remove and leave. @throws {PkgError} USAGE for a purge of one profile; as expectOwn */
export function planUninstall(paths: Paths, request: SelfUninstallRequest): SelfUninstallOutcome {
  const program = expectOwn(request.program, "uninstall", paths.packages);
  if (request.purge && paths.stateDatabase !== paths.sharedDatabase) throw purgedFromProfile();
  const data = dataOf(paths);
  const settings = [paths.configFile, paths.keys];
  const removed = [...programFiles(program), ...(request.purge ? data : [])];
  const isGone = request.purge && request.settings;
  const left = [...(request.purge ? [] : data), ...(isGone ? [] : settings)];
  return {
    dryRun: request.dryRun,
    removed: [...removed, ...(isGone ? settings : [])].filter(isThere),
    left: left.filter(isThere),
  };
}

/**
 * Removes the program; with `purge` first all packages, each with exactly what was placed of it, then all that pkg keeps. Whatever
 * somebody else put into its directories of links stays.
 *
 * @throws {PkgError} STATE_CHANGED, LOCKED; as planUninstall and remove
 */
export async function uninstallSelf(
  cap: UninstallCapabilities,
  request: SelfUninstallRequest,
  close: () => Promise<void>,
): Promise<{ readonly outcome: SelfUninstallOutcome; readonly errors: readonly PkgError[] }> {
  const { paths } = cap.config;
  const plan = planUninstall(paths, request);
  if (request.dryRun) return { outcome: plan, errors: [] };
  if (request.purge) {
    const errors = await removeAll(cap);
    if (errors.length > 0) return { outcome: { ...plan, removed: [], left: [...plan.removed, ...plan.left] }, errors };
  }
  await close();
  if (request.purge) await holdingLocks(cap, locksOf(paths), () => removeUnused(paths, plan));
  else plan.removed.forEach(removeTree);
  if (request.purge) removeEmpty([paths.bin, dirname(paths.stateDatabase), dirname(paths.configFile)]);
  // Somebody else's files may be in it.
  const left = request.purge ? [...plan.left, paths.prefix].filter(isThere) : plan.left;
  return { outcome: { ...plan, left }, errors: [] };
}

/** While nothing else changes what is installed: what was installed since is not pulled away. @throws {PkgError} STATE_CHANGED */
function removeUnused(paths: Paths, { removed }: SelfUninstallOutcome): void {
  if (isThere(paths.stateDatabase) && !isEmpty(paths)) {
    throw new PkgError("STATE_CHANGED", "Cannot uninstall pkg: another process has installed something meanwhile", {
      hint: "Run the command again, which removes that too",
    });
  }
  for (const path of [...removed, ...locksOf(paths)]) removeTree(path);
}

function isEmpty({ stateDatabase, sharedDatabase }: Paths): boolean {
  const picture = openPicture(stateDatabase, sharedDatabase);
  try {
    return createInstallations(picture).isEmpty();
  } finally {
    picture.close();
  }
}

/** Those of all profiles that there are. */
function locksOf({ stateDatabase, lockDatabase, namedProfiles }: Paths): readonly string[] {
  const [, ...names] = profileNames(namedProfiles);
  const named = names.map((name) => join(namedProfiles, name, "lock.db"));
  return [...(isThere(stateDatabase) ? [lockDatabase] : []), ...named];
}

/** Waits for each, as every command that changes something does. */
async function holdingLocks(cap: UninstallCapabilities, locks: readonly string[], work: () => void): Promise<void> {
  const [path, ...others] = locks;
  if (path === undefined) return work();
  const { emit, signal } = cap;
  const onWait = (holder: string) => emit({ kind: "waiting-for-lock", holder });
  const lock = { path, command: "pkg self uninstall", pid: process.pid, signal, onWait };
  await withLock(lock, () => holdingLocks(cap, others, work));
}

async function removeAll(cap: UninstallCapabilities): Promise<readonly PkgError[]> {
  const { installations } = await cap.records();
  const names = installations.list().map(({ name }) => name);
  if (names.length === 0) return [];
  const how = { directory: "/", dryRun: false, purge: true, keepDependencies: false, force: true };
  return (await remove(cap, { ...how, names })).errors;
}

function purgedFromProfile(): PkgError {
  return new PkgError("USAGE", "Cannot purge one profile: what goes with pkg is all of them", {
    hint: "Leave out --profile and PKG_PROFILE, or run `pkg profile remove NAME`",
  });
}

function programFiles(program: string): readonly string[] {
  const directory = dirname(program);
  const share = join(dirname(directory), "share");
  const beside = basename(directory) === "bin" && basename(program) === "pkg" ? SHARED : [];
  return [...beside.map((path) => join(share, path)), previousProgram(program), program];
}

function dataOf(paths: Paths): readonly string[] {
  const databases = [paths.stateDatabase, paths.sharedDatabase, paths.lockDatabase];
  const files = databases.flatMap((path) => [path, `${path}-wal`, `${path}-shm`]);
  const trees = [
    paths.packages,
    paths.namedProfiles,
    paths.environments,
    paths.pouredEnvironments,
    paths.blobs,
    paths.index,
  ];
  return [...new Set([...trees, ...files])];
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function removeEmpty(directories: readonly string[]): void {
  for (const directory of directories) {
    try {
      if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
    } catch (error) {
      // Somebody else's, or filled again meanwhile.
      if (systemCode(error) === undefined) throw error;
    }
  }
}
