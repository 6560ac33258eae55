import { MAX_SYMLINKS } from "../base/limits.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import type { InstalledFile } from "../package/installation.ts";

const BIN = "bin/";
const EXECUTABLE_BITS = 0o111;

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
  const byPath = new Map(files.map((file) => [file.path, file]));
  const linkAt = (path: string) => {
    const file = byPath.get(path);
    return file?.mode === SYMLINK_MODE ? textOf(file) : null;
  };
  const inBin = files.filter(({ path }) => path.startsWith(BIN) && !path.includes("/", BIN.length));
  const programs = inBin.flatMap(({ path }): [string, InstalledFile][] => {
    const real = byPath.get(followLinks(path, linkAt) ?? "");
    const isExecutable = real !== undefined && real.mode !== SYMLINK_MODE && (real.mode & EXECUTABLE_BITS) !== 0;
    return isExecutable ? [[path.slice(BIN.length), real]] : [];
  });
  return new Map(programs);
}

/** Where a path leads in a tree whose links stay inside it; null when links form a cycle. */
export function followLinks(path: string, linkAt: (path: string) => string | null): string | null {
  const done: string[] = [];
  let names = path.split("/");
  for (let followed = 0; followed <= MAX_SYMLINKS; ) {
    const name = names.shift();
    if (name === undefined) return done.join("/");
    if (name === "" || name === ".") continue;
    if (name === "..") {
      done.pop();
      continue;
    }
    const target = linkAt([...done, name].join("/"));
    if (target === null) {
      done.push(name);
      continue;
    }
    names = [...target.split("/"), ...names];
    followed += 1;
  }
  return null;
}
