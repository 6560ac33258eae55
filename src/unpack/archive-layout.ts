import { posix } from "node:path";
import { invalidArchive } from "../archive/archive-error.ts";
import { linkProblem } from "../archive/entry-path.ts";
import { listSome } from "../base/lists.ts";
import { PkgError } from "../errors.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { safeTitlePath } from "../oci/title.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { MappedFile } from "../package/metadata.ts";
import { followLinks } from "./follow-links.ts";

const MAX_LISTED = 10;
const PROGRAM_BITS = 0o755;

/** A further name of a placed file: a symlink beside it. */
export interface AliasLink {
  readonly path: string;
  readonly target: string;
}

/** Where a symlink leads. */
export type TextOf = (file: InstalledFile) => string;

/** What is placed of an archive. */
export interface ChosenFiles {
  readonly files: readonly InstalledFile[];
  readonly aliases: readonly AliasLink[];
}

/** The files without those that macOS adds to the archives that it packs: what it knows about each file beside it. */
export function withoutMacFiles<File extends { readonly path: string }>(files: readonly File[]): readonly File[] {
  return files.filter(({ path }) => !path.startsWith("__MACOSX/") && !posix.basename(path).startsWith("._"));
}

/**
 * The files without the one directory that all of them lie in, such as `tool-1.0-linux`.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a link that led to that directory's surroundings
 */
export function withoutTop(files: readonly InstalledFile[], textOf: TextOf): readonly InstalledFile[] {
  const [first] = files;
  const slash = first?.path.indexOf("/") ?? -1;
  if (first === undefined || slash < 0) return files;
  const top = first.path.slice(0, slash + 1);
  // A package may well consist of nothing but its `bin`.
  if (USUAL_DIRECTORIES.has(top) || !files.every(({ path }) => path.startsWith(top))) return files;
  return checkLinks(
    files.map((file) => ({ ...file, path: file.path.slice(top.length) })),
    textOf,
  );
}

const USUAL_DIRECTORIES: ReadonlySet<string> = new Set(["bin/", "sbin/", "lib/", "libexec/", "share/", "etc/", "usr/"]);

/**
 * The files that a map takes out of an archive. A source may be a directory; where it is a link, what it leads to is taken.
 *
 * @param own the artifact itself, for an empty source
 * @param textOf where a symlink leads
 * @throws {PkgError} LAYER_MISSING for what the archive does not hold; TITLE_INVALID for a place that would be outside;
 * PACKAGE_UNINSTALLABLE for two files at one place
 */
export function chooseFiles(
  name: string,
  mapped: readonly MappedFile[],
  archive: {
    readonly members: readonly InstalledFile[];
    readonly own: (place: string) => InstalledFile;
    readonly textOf: TextOf;
  },
): ChosenFiles {
  const files = new Map<string, InstalledFile>();
  const aliases = new Map<string, string>();
  for (const { source, to, aliases: names } of mapped) {
    const given = safeTitlePath(posix.normalize(to).replace(/\/$/, ""));
    const filePlace = to.endsWith("/") ? `${given}/${posix.basename(source) || name}` : given;
    const found = taken(name, source, { ...archive, place: given, filePlace });
    const place = found.some(({ path }) => path === filePlace) ? filePlace : given;
    for (const file of found) {
      if (files.has(file.path)) throw twice(name, file.path);
      files.set(file.path, file);
    }
    for (const alias of names) {
      const path = safeTitlePath(posix.join(posix.dirname(place), posix.basename(alias)));
      if (path !== place) aliases.set(path, posix.basename(place));
    }
  }
  const links = [...aliases].filter(([path]) => !files.has(path)).map(([path, target]) => ({ path, target }));
  refuseNested(name, [...files.keys(), ...aliases.keys()]);
  return { files: checkLinks([...files.values()], archive.textOf), aliases: links };
}

interface Taking {
  readonly members: readonly InstalledFile[];
  readonly own: (place: string) => InstalledFile;
  readonly textOf: TextOf;
  /** Of a directory. */
  readonly place: string;
  /** Of a file, which goes into a place that ends with a slash. */
  readonly filePlace: string;
}

function taken(
  name: string,
  source: string,
  { members, own, textOf, place, filePlace }: Taking,
): readonly InstalledFile[] {
  if (source === "") return [placed(own(filePlace), filePlace)];
  for (const candidates of new Set([members, withoutTop(members, textOf)])) {
    const path = pathOf(source);
    const byPath = new Map(candidates.map((file) => [file.path, file]));
    const real = followLinks(path, (at) => {
      const file = byPath.get(at);
      return file?.mode === SYMLINK_MODE ? textOf(file) : null;
    });
    const file = real === null ? undefined : byPath.get(real);
    if (file !== undefined) return [placed(file, filePlace)];
    const below = candidates.filter((member) => real !== null && member.path.startsWith(`${real}/`));
    if (below.length > 0) {
      return below.map((member) => placed(member, `${place}/${member.path.slice((real?.length ?? 0) + 1)}`));
    }
  }
  throw notThere(name, source, members);
}

function pathOf(source: string): string {
  return posix.normalize(source).replace(/^(?:\.\/)+|\/$/g, "");
}

/** What is placed in `bin` is a program. */
function placed(file: InstalledFile, path: string): InstalledFile {
  const isProgram = isProgramPlace(path) && file.mode !== SYMLINK_MODE;
  return { ...file, path, mode: isProgram ? file.mode | PROGRAM_BITS : file.mode };
}

/** True for a place where a file has to be a program. */
export function isProgramPlace(path: string): boolean {
  return /^s?bin\/[^/]+$/.test(path);
}

/** Refuses links that lead out of the package, as they may where its files were moved. @throws {PkgError} ARCHIVE_INVALID */
function checkLinks(files: readonly InstalledFile[], textOf: TextOf): readonly InstalledFile[] {
  for (const file of files) {
    const problem = file.mode === SYMLINK_MODE ? linkProblem(file.path, textOf(file)) : null;
    if (problem !== null) throw invalidArchive(`the link "${file.path}" ${problem}`);
  }
  return files;
}

function refuseNested(name: string, paths: readonly string[]): void {
  const all = new Set(paths);
  for (const path of paths) {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
      if (all.has(parent)) throw twice(name, parent);
    }
  }
}

function twice(name: string, path: string): PkgError {
  return new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot install "${name}": its index entry places two files at "${path}", expected one`,
    { hint: "Tell whoever publishes the index" },
  );
}

function notThere(name: string, source: string, members: readonly InstalledFile[]): PkgError {
  const listed = listSome(
    members.map(({ path }) => `"${path}"`),
    MAX_LISTED,
  );
  return new PkgError(
    "LAYER_MISSING",
    `Cannot install "${name}": expected "${source}" in its archive, which the index entry names, found ${listed}`,
    { hint: "Run `pkg sync`: the index may have been corrected; else tell whoever publishes it" },
  );
}
