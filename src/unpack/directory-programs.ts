import type { InstalledFile } from "../package/installation.ts";
import { executableFiles } from "./executable-files.ts";

const BIN = "bin/";

/**
 * What may be a program in the directory `bin` of a package, by its name: executable files, and links to executable
 * files anywhere in the package, with the files that they lead to.
 *
 * @param textOf where a symlink leads
 */
export function programsOf(
  files: readonly InstalledFile[],
  textOf: (file: InstalledFile) => string,
): ReadonlyMap<string, InstalledFile> {
  const paths = files.map(({ path }) => path);
  const inBin = paths.filter((path) => path.startsWith(BIN) && !path.includes("/", BIN.length));
  return new Map([...executableFiles(files, inBin, textOf)].map(([path, file]) => [path.slice(BIN.length), file]));
}
