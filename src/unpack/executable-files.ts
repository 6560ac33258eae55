import { EXECUTABLE_BITS, SYMLINK_MODE } from "../fs/modes.ts";
import type { InstalledFile } from "../package/installation.ts";
import { followLinks } from "./follow-links.ts";

/**
 * Those of some paths in a package that are, or lead to, files with an executable bit, with the files that they lead to.
 *
 * @param textOf where a symlink leads
 */
export function executableFiles(
  files: readonly InstalledFile[],
  paths: readonly string[],
  textOf: (file: InstalledFile) => string,
): ReadonlyMap<string, InstalledFile> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const linkAt = (path: string) => {
    const file = byPath.get(path);
    return file?.mode === SYMLINK_MODE ? textOf(file) : null;
  };
  const found = paths.flatMap((path): readonly [string, InstalledFile][] => {
    const real = byPath.get(followLinks(path, linkAt) ?? "");
    const isExecutable = real !== undefined && real.mode !== SYMLINK_MODE && (real.mode & EXECUTABLE_BITS) !== 0;
    return isExecutable ? [[path, real]] : [];
  });
  return new Map(found);
}
