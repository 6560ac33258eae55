import { rmdirSync } from "node:fs";
import { join } from "node:path";
import { uniqueOwner } from "../base/process-alive.ts";
import type { Config } from "../config/config.ts";
import { trialsDirectory } from "../config/paths.ts";
import { removeTree, writeFileAtomic } from "../fs/atomic.ts";
import { privateDirectory } from "../fs/directories.ts";

const FILE_MODE = 0o600;

/** Repositories that are taken out again unless something is installed from them. */
export interface Trial {
  /** The profile that is installed into. */
  readonly profile: string;
  /** Addresses of those that are added for this alone. */
  readonly urls: readonly string[];
}

/** The profile that is installed into, and where. */
interface TrialPlace extends Pick<Config, "profile"> {
  readonly paths: Parameters<typeof trialsDirectory>[0];
}

/**
 * Says that repositories are to be added for what is about to be installed, so that the next process takes them out again if this
 * one is killed (`settle-trials.ts`). Durable when it returns.
 *
 * @returns what ends the trial: all that was added is to stay, or was taken out
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function beginTrial({ paths, profile }: TrialPlace, urls: readonly string[]): () => void {
  const directory = trialsDirectory(paths);
  const path = join(directory, `trial.${uniqueOwner()}`);
  const trial: Trial = { profile, urls };
  privateDirectory(directory);
  writeFileAtomic(path, JSON.stringify(trial), FILE_MODE);
  return () => endTrial(directory, path);
}

/** Ends a trial; its directory goes with the last one. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function endTrial(directory: string, path: string): void {
  removeTree(path);
  try {
    rmdirSync(directory);
  } catch {
    // Another process has one too.
  }
}
