declare const inRoot: unique symbol;

/**
 * A path below a registry's directory, relative to it, its parts separated by `/`. A string of its own, so that nothing
 * but `RootFiles` opens it: for the system it leads nowhere.
 */
export type RootPath = string & { readonly [inRoot]: true };

/** The directory itself. */
export const ROOT = rootPath();

/** Joins the names of directories and files, which must have been checked before: none is empty, `.` or `..`. */
export function rootPath(...parts: readonly string[]): RootPath {
  for (const part of parts.flatMap((path) => path.split("/"))) {
    if (part === "" || part === "." || part === "..") throw new Error(`"${part}" in a path of the registry`);
  }
  return parts.join("/") as RootPath;
}

/** Its parts; none for the directory itself. */
export function partsOf(path: RootPath): readonly string[] {
  return path === "" ? [] : path.split("/");
}

/** The directory that something is in. */
export function parentOf(path: RootPath): RootPath {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) as RootPath;
}

/** The last part. */
export function baseOf(path: RootPath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
