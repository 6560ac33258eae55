import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * What a path is, however it is spelled: the links in it are followed as far as it exists. Two paths to one place have the
 * same, also where nothing is there yet.
 */
export function canonicalPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(canonicalPath(parent), basename(absolute));
  }
}

/** As canonicalPath(), but a link that is at the path itself is not followed. */
export function canonicalEntry(path: string): string {
  const absolute = resolve(path);
  return join(canonicalPath(dirname(absolute)), basename(absolute));
}
