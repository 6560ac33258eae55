import { type CompletionShell, completionOf } from "./completion-file.ts";
import type { InstalledLink } from "./installation.ts";
import { manPlace } from "./man-page.ts";
import { inData } from "./place.ts";

/** What a package may hold beside programs, that the system looks for in the data directory. */
export type HoldingKind = "man" | "completions" | "desktop" | "icons";

/** A file of a package, and where the system looks for it. */
export interface Holding {
  readonly kind: HoldingKind;
  /** Relative to the directory of the package. */
  readonly path: string;
  /** Relative to the data directory, such as `man/man1/x.1`. */
  readonly place: string;
}

/** What a package is, as far as what it holds is concerned. */
export interface HoldingPackage {
  readonly name: string;
  /** The names of its commands: nothing is completed for others, such as those of the system. */
  readonly commands: readonly string[];
  /** Paths of its files. */
  readonly paths: readonly string[];
}

/** The directories, relative to the data directory, in which anything is placed. */
export const DATA_DIRECTORIES: readonly string[] = [
  "man",
  "bash-completion/completions",
  "zsh/site-functions",
  "fish/vendor_completions.d",
  "applications",
  "icons",
];

/** Where files are that were made for a package from its own. */
const MADE = ".pkg/";
/** What of them belongs at the same path of the data directory. */
export const MADE_SHARE = `${MADE}share/`;
/** In the directory of a program's own home: it is there because this file is. */
const PORTABLE_MARK = ".pkg-portable";

/** True for a file that was made for a package, and did not come with it. */
export function isMadeFile(path: string): boolean {
  return path.startsWith(MADE) || isPortableMark(path);
}

/** True for the file that makes an AppImage use a directory of its own. */
export function isPortableMark(path: string): boolean {
  return path.endsWith(`/${PORTABLE_MARK}`);
}

/** The files that make an AppImage use directories of its own for its home and its config: both are beside it. */
export function portableMarks(title: string): readonly string[] {
  return ["home", "config"].map((kind) => `${title}.${kind}/${PORTABLE_MARK}`);
}

const COMPLETION_PLACES: Readonly<Record<CompletionShell, (command: string) => string>> = {
  bash: (command) => `bash-completion/completions/${command}`,
  zsh: (command) => `zsh/site-functions/_${command}`,
  fish: (command) => `fish/vendor_completions.d/${command}.fish`,
};

/**
 * What a package holds beside programs: its man pages, the completions of its commands, and the desktop entries and icons that
 * were made for it. Of several files for one place, the one in the usual tree of directories comes first.
 */
export function holdingsOf(held: HoldingPackage): readonly Holding[] {
  const found = new Map<string, Holding & { readonly isUsual: boolean }>();
  for (const path of held.paths.toSorted()) {
    const holding = holdingOf(held, path);
    if (holding === null) continue;
    const earlier = found.get(holding.place);
    if (earlier === undefined || (holding.isUsual && !earlier.isUsual)) found.set(holding.place, holding);
  }
  return [...found.values()].map(({ kind, path, place }) => ({ kind, path, place }));
}

/** What of packages is wanted; icons are those of desktop entries. */
export type ShareSettings = Readonly<Record<Exclude<HoldingKind, "icons">, boolean>>;

/** The links that lead from where the system looks to what a package holds. */
export function holdingLinks(held: HoldingPackage, share: ShareSettings): readonly InstalledLink[] {
  return holdingsOf(held)
    .filter(({ kind }) => share[kind === "icons" ? "desktop" : kind])
    .map(({ path, place }) => ({ path: inData(place), target: path, kind: "link" }));
}

/** What kind of thing is at a place in the data directory, relative to that. */
export function kindOfPlace(place: string): HoldingKind {
  if (place.startsWith("man/")) return "man";
  if (place.startsWith("applications/")) return "desktop";
  return place.startsWith("icons/") ? "icons" : "completions";
}

function holdingOf(held: HoldingPackage, path: string): (Holding & { readonly isUsual: boolean }) | null {
  if (path.startsWith(MADE_SHARE)) {
    const place = path.slice(MADE_SHARE.length);
    return { kind: kindOfPlace(place), path, place, isUsual: true };
  }
  const page = manPlace(held, path);
  if (page !== null) return { kind: "man", path, ...page };
  const completion = completionOf(path, mainCommand(held));
  if (completion === null || !held.commands.includes(completion.command)) return null;
  const place = COMPLETION_PLACES[completion.shell](completion.command);
  return { kind: "completions", path, place, isUsual: completion.isUsual };
}

/** What a file completes that names no command. */
function mainCommand({ name, commands }: HoldingPackage): string | null {
  const [only, ...others] = commands;
  if (commands.includes(name)) return name;
  return others.length === 0 ? (only ?? null) : null;
}
