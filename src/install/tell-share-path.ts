import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { EmitEvent, Event } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { pathOfPlace } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { InstalledItem } from "./install-outcome.ts";
import { startFileOf } from "./tell-search-path.ts";

type ShareConfig = Pick<Config, "dataSearch" | "searchPath" | "shell"> & {
  readonly paths: Pick<Config["paths"], "bin" | "share">;
};

type Note = Extract<Event, { kind: "note" }>;

/** What is looked for in one way. */
export type Sought = "man" | "zsh" | "data";

/** What is said about what packages that were just placed hold. */
export interface PlacedHoldings {
  readonly config: ShareConfig;
  readonly emit: EmitEvent;
  readonly items: readonly InstalledItem[];
  readonly installations: Pick<Installations, "list">;
}

/** Says once, with the first of a home, where man pages, completions and desktop entries are not looked for, and what to type. */
export function tellSharePath({ config, emit, items, installations }: PlacedHoldings): void {
  const names = new Set(
    items.flatMap((item) => (item.action === "install" || item.action === "mark" ? item.name : [])),
  );
  if (names.size === 0) return;
  const installed = installations.list();
  const soughtIn = (isNew: boolean) =>
    new Set(installed.filter(({ name }) => names.has(name) === isNew).flatMap(({ links }) => links.flatMap(soughtAs)));
  const first = soughtIn(true).difference(soughtIn(false));
  for (const sought of first) {
    const note = sharePathNote(config, sought);
    if (note !== null) emit(note);
  }
  const links = installed.filter(({ name }) => names.has(name)).flatMap((item) => item.links);
  for (const { path } of links) tellHidden(config, emit, pathOfPlace(path));
}

/** A desktop entry takes the place of the system's one of the same name: it may well be the same program. */
function tellHidden({ dataSearch, paths }: ShareConfig, emit: EmitEvent, place: string): void {
  if (!place.startsWith("applications/")) return;
  const hidden = dataSearch.dataDirectories
    .filter((directory) => canonicalPath(directory) !== canonicalPath(paths.share))
    .map((directory) => join(directory, place))
    .find((path) => existsSync(path));
  if (hidden === undefined) return;
  emit({ kind: "note", message: `"${join(paths.share, place)}" is shown in menus instead of "${hidden}"` });
}

/** In which ways a link is looked for. */
export function soughtAs({ path }: { readonly path: string }): readonly Sought[] {
  const place = pathOfPlace(path);
  if (place === path || path.startsWith("@prefix/")) return [];
  if (place.startsWith("man/")) return ["man"];
  return [place.startsWith("zsh/") ? "zsh" : "data"];
}

/** What to type so that what is in the data directory is found; null: it is found, or nobody can tell. */
export function sharePathNote(config: ShareConfig, sought: Sought): Note | null {
  if (sought === "man") return isManFound(config) ? null : manNote(config);
  return sought === "zsh" ? zshNote(config) : dataNote(config);
}

/** As man-db finds pages: by MANPATH, else in directories beside those of PATH. @see manpath(1) */
function isManFound({ dataSearch: { manPath }, searchPath, paths }: ShareConfig): boolean {
  const own = canonicalPath(join(paths.share, "man"));
  const isOwn = (path: string) => canonicalPath(path) === own;
  if (manPath?.some((path) => path !== "" && isOwn(path)) === true) return true;
  if (manPath?.includes("") === false) return false;
  // The bin directory will be on PATH: what to type for that is told as well.
  return [...searchPath, paths.bin].some((directory) =>
    [dirname(directory), directory].some((root) => isOwn(join(root, "man")) || isOwn(join(root, "share/man"))),
  );
}

function manNote({ paths, shell }: ShareConfig): Note {
  const pages = join(paths.share, "man");
  const unfound = `"${pages}" is not where man looks, so man pages in it are not found`;
  if (isFish(shell)) {
    const line = `set -Ux MANPATH ${singleQuoted(pages)} $MANPATH ''`;
    return { kind: "note", message: `${unfound}. Type once:`, more: [line] };
  }
  const line = `export MANPATH="${inDoubleQuotes(pages)}:$MANPATH"`;
  return { kind: "note", message: `${unfound}. ${typeThis(shell)}`, more: [line] };
}

function zshNote({ paths, shell, dataSearch }: ShareConfig): Note | null {
  const functions = join(paths.share, "zsh/site-functions");
  if (shell === null || basename(shell) !== "zsh" || dataSearch.functionPath.includes(functions)) return null;
  return {
    kind: "note",
    message: `zsh finds completions in "${functions}" if \`fpath\` has it. Add this to ~/.zshrc, before \`compinit\`:`,
    more: [`fpath=(${singleQuoted(functions)} $fpath)`],
  };
}

function dataNote({ paths, shell, dataSearch }: ShareConfig): Note | null {
  const own = canonicalPath(paths.share);
  if (dataSearch.dataDirectories.some((path) => canonicalPath(path) === own)) return null;
  const unfound = `"${paths.share}" is not in XDG_DATA_DIRS, so completions and desktop entries in it are not found`;
  if (isFish(shell)) {
    const line = `set -Ux XDG_DATA_DIRS ${singleQuoted(paths.share)} $XDG_DATA_DIRS /usr/local/share /usr/share`;
    return { kind: "note", message: `${unfound}. Type once:`, more: [line] };
  }
  const line = `export XDG_DATA_DIRS="${inDoubleQuotes(paths.share)}:\${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"`;
  return { kind: "note", message: `${unfound}. ${typeThis(shell)}`, more: [line] };
}

function isFish(shell: string | null): boolean {
  return shell !== null && basename(shell) === "fish";
}

function typeThis(shell: string | null): string {
  const file = startFileOf(shell);
  return file === null ? "Type:" : `Type this, and add it to ${file}:`;
}

function inDoubleQuotes(path: string): string {
  return path.replace(/["$\\`]/g, "\\$&");
}

function singleQuoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
