import { accessSync, constants, statSync } from "node:fs";
import { systemCode } from "../errors.ts";

/** What to do where programs are on such a file system. */
export const NOEXEC = "the file system that it is on is mounted noexec";
export const NOEXEC_CURE = "Remount it with exec, or name another place with --home DIR, and for bottles with `prefix`";

const ANYBODY_RUNS = 0o111;

/** True for a file that its mode allows everybody to run, and that the file system which it is on, or leads to, allows nobody to run. */
export function isOnNoexec(path: string): boolean {
  if (!isForAnybody(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return false;
  } catch (error) {
    return systemCode(error) === "EACCES";
  }
}

function isForAnybody(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & ANYBODY_RUNS) === ANYBODY_RUNS;
}
