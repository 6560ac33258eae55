import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { PkgError } from "../errors.ts";
import { currentAccount, isPrivateGroup } from "./private-group.ts";

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
const PERMISSION_BITS = 0o7777;

/** Why the content of a file or directory cannot be relied on: somebody else may have written it. */
export interface Exposure {
  readonly path: string;
  /** E.g. `every user of this machine may write to it (mode 0777)`. */
  readonly problem: string;
  /** What to type. */
  readonly cure: string;
  /** False if only a group may write, whose members this program does not know. */
  readonly isCertain: boolean;
}

/**
 * Who besides its owner, and root, may write to a file or directory; null for nobody, and for what is not there. The group
 * that a user has alone is as good as the user. What belongs to another user is exposed to that user, except for root, who
 * may act for others.
 */
export function exposureOf(path: string): Exposure | null {
  const stats = statsOf(path);
  return stats === null ? null : judge(path, stats);
}

/**
 * The exposure of a file by itself or through its directory, in which others may put another one in its place. The sticky
 * bit prevents that: a file in /tmp is safe if its own mode is.
 */
export function fileExposure(path: string): Exposure | null {
  const stats = statsOf(path);
  // What is no plain file, such as /dev/stdin, is what somebody gave on purpose.
  if (stats === null || !stats.isFile()) return null;
  // A link is as safe as where it is, and what it leads to.
  const directories = [...new Set([dirname(path), dirname(realpathSync(path))])];
  return judge(path, stats) ?? directories.map(directoryExposure).find((exposure) => exposure !== null) ?? null;
}

/** The exposure of what is in a directory, by the directory: whoever may write there may replace it. */
export function directoryExposure(path: string): Exposure | null {
  const stats = statsOf(path);
  return stats === null || (stats.mode & STICKY) !== 0 ? null : judge(path, stats);
}

/** True if a path, or a directory that it is in, belongs to that user. */
export function isInPlaceOf(user: number, path: string): boolean {
  if (statsOf(path)?.uid === user) return true;
  return dirname(path) !== path && isInPlaceOf(user, dirname(path));
}

/** The error for what is exposed. */
export function exposedError({ path, problem, cure }: Exposure): PkgError {
  return new PkgError("PERMISSIONS_UNSAFE", `Cannot use "${path}": ${problem}, expected that only you may`, {
    hint: cure,
  });
}

function judge(path: string, stats: Stats): Exposure | null {
  const mode = `mode ${(stats.mode & PERMISSION_BITS).toString(8).padStart(4, "0")}`;
  const user = process.geteuid?.() ?? stats.uid;
  if (user !== 0 && stats.uid !== user && stats.uid !== 0) {
    const problem = `it belongs to another user (${stats.uid})`;
    return { path, problem, cure: "Use one of your own, or ask its owner to give it to you", isCertain: true };
  }
  const cure = `Look at what is there, then run \`chmod go-w ${path}\``;
  if ((stats.mode & OTHERS_WRITE) !== 0) {
    return { path, problem: `every user of this machine may write to it (${mode})`, cure, isCertain: true };
  }
  if ((stats.mode & GROUP_WRITES) === 0 || isPrivateGroup(stats.gid, currentAccount(user))) return null;
  return { path, problem: `the members of group ${stats.gid} may write to it (${mode})`, cure, isCertain: false };
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    // It cannot be read either; whoever tries says why.
    return null;
  }
}
