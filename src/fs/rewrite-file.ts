import { readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MAX_SYMLINKS } from "../base/limits.ts";
import { PkgError, systemCode } from "../errors.ts";
import { writeFileAtomic } from "./atomic.ts";
import { privateDirectory } from "./directories.ts";
import { fileSystemError } from "./errors.ts";

const PERMISSION_BITS = 0o777;

/** Permission bits. */
export interface RewriteModes {
  /** Of a file that was not there, or belonged to another user. */
  readonly newMode: number;
  /** Those that it may have, whatever it had; default: all. */
  readonly most?: number;
}

/**
 * Gives a file that its owner edits too, such as a config, a new content, as an editor would: links to it stay, and so
 * does the mode of a file of ours. A reader sees either the old bytes or the new ones. What is missing, directories too,
 * is made.
 *
 * @throws {PkgError} FILE_SYSTEM also for links that form a loop; PERMISSION_DENIED, DISK_FULL
 */
export function rewriteFile(path: string, text: string, { newMode, most = PERMISSION_BITS }: RewriteModes): void {
  const target = targetOf(path);
  privateDirectory(dirname(target));
  writeFileAtomic(target, text, (modeToKeep(target) ?? newMode) & most);
}

/** Null also for a file of another user, who may have put it there to read what is written. */
function modeToKeep(path: string): number | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  const isOwn = stats !== undefined && (process.geteuid === undefined || stats.uid === process.geteuid());
  return isOwn ? stats.mode & PERMISSION_BITS : null;
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!["ENOENT", "ELOOP"].includes(systemCode(error) ?? "")) throw fileSystemError(error, `write "${path}"`);
  }
  return danglingTarget(path);
}

/** Where the links at `path` lead, even if nothing is there yet. */
function danglingTarget(path: string): string {
  let target = resolve(path);
  for (let links = 0; links < MAX_SYMLINKS; links += 1) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch (error) {
      if (["EINVAL", "ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return target;
      throw fileSystemError(error, `write "${path}"`);
    }
  }
  throw new PkgError("FILE_SYSTEM", `Cannot write "${path}": its links form a loop`);
}
