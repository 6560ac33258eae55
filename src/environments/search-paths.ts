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
  const share = join(directory, PARTS.share);
  return {
    PATH: before(join(directory, PARTS.bin), variable(env, "PATH") ?? "/usr/local/bin:/usr/bin:/bin"),
    // A part that is empty stands for the system's own: man-db, manpath(1).
    MANPATH: before(join(share, "man"), variable(env, "MANPATH") ?? ""),
    XDG_DATA_DIRS: before(share, variable(env, "XDG_DATA_DIRS") ?? DATA_DIRECTORIES),
  };
}

/** First, and once. */
function before(directory: string, list: string): string {
  const others = list.split(":").filter((item) => item !== directory);
  return [directory, ...others].join(":");
}
