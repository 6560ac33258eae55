import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment as Variables, variable } from "../base/environment.ts";
import { PARTS } from "./environment-place.ts";

/** Where shells look for desktop data where nothing is set: XDG Base Directory Specification 0.8. */
const DATA_DIRECTORIES = "/usr/local/share:/usr/share";

/**
 * The variables with which programs, man pages and completions of an environment are found before others.
 *
 * @param env as they are now
 */
export function searchPaths(directory: string, env: Variables): Readonly<Record<string, string>> {
  const shares = shareDirectories(directory);
  const manuals = shares.map((share) => join(share, "man"));
  return {
    PATH: before([join(directory, PARTS.bin)], variable(env, "PATH") ?? "/usr/local/bin:/usr/bin:/bin"),
    // A part that is empty stands for the system's own: man-db, manpath(1).
    MANPATH: before(manuals, variable(env, "MANPATH") ?? ""),
    XDG_DATA_DIRS: before(shares, variable(env, "XDG_DATA_DIRS") ?? DATA_DIRECTORIES),
  };
}

/** The data of bottles is in the prefix that they are poured into. */
function shareDirectories(directory: string): readonly string[] {
  const poured = join(directory, PARTS.prefix, "share");
  return [join(directory, PARTS.share), ...(existsSync(poured) ? [poured] : [])];
}

/** First, and once. */
function before(directories: readonly string[], list: string): string {
  const others = list.split(":").filter((item) => !directories.includes(item));
  return [...directories, ...others].join(":");
}
