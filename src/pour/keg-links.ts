import { posix } from "node:path";
import type { InstalledLink } from "../package/installation.ts";
import { isSafeName } from "../package/names.ts";
import { inPrefix, WHOLE_DIRECTORY } from "../package/place.ts";
import type { Link } from "../package/provides.ts";
import type { KegName } from "./take-keg.ts";

/** What a keg has, as far as links to it are concerned. */
export interface LinkedKeg {
  readonly keg: KegName;
  /** Paths of its files and symlinks. */
  readonly paths: readonly string[];
  /** Where its symlinks lead, by their paths. */
  readonly targets: ReadonlyMap<string, string>;
  /** Other names under which it is linked in `opt`. */
  readonly aliases: readonly string[];
  readonly isKegOnly: boolean;
}

/** The directories of the prefix that kegs have in common. */
const MERGED = /^(?:bin|sbin|etc|include|lib|share)\//;
const PROGRAMS = /^s?bin\/([^/]+)$/;
/** What formulae keep beside the keg, for its user to edit: it is copied, and never replaced once it is edited. */
const KEPT = /^\.bottle\/((?:etc|var)\/.+)$/;

/** Indexes and caches that tools make where they are needed: two kegs would each bring one. */
const NOT_LINKED: readonly RegExp[] = [
  /^s?bin\/.*\//,
  /^share\/info\/dir$/,
  /^share\/locale\/locale\.alias$/,
  /^share\/icons\/.*\/icon-theme\.cache$/,
  /^lib\/charset\.alias$/,
  /\/site-packages\/.*\.py[co]$/,
  /(?:^|\/)\.DS_Store$/,
];

/**
 * The places in the prefix that lead to a keg: itself in `opt`, and each file of what is not keg-only, but for those that
 * Homebrew does not link either.
 *
 * @see https://docs.brew.sh, Formula Cookbook, "keg-only"; Library/Homebrew/keg.rb
 */
export function kegLinks(linked: LinkedKeg): readonly InstalledLink[] {
  const { keg, aliases, isKegOnly, paths } = linked;
  const opt = [keg.name, ...aliases].map(
    (name): InstalledLink => ({
      path: inPrefix(`opt/${name}`),
      target: WHOLE_DIRECTORY,
      kind: "link",
    }),
  );
  const merged = isKegOnly ? [] : paths.filter((path) => isLinked(linked, path));
  return [...opt, ...merged.map(linkTo), ...keptFiles(paths)];
}

/** What becomes a command: the programs of a keg that has links. */
export function kegPrograms({ paths, isKegOnly }: Pick<LinkedKeg, "paths" | "isKegOnly">): readonly Link[] {
  if (isKegOnly) return [];
  const named = new Map<string, string>();
  for (const path of paths) {
    const name = PROGRAMS.exec(path)?.[1];
    if (name !== undefined && isSafeName(name) && !named.has(name)) named.set(name, path);
  }
  return [...named].map(([link, title]) => ({ title, link }));
}

function linkTo(path: string): InstalledLink {
  return { path: inPrefix(path), target: path, kind: "link" };
}

function keptFiles(paths: readonly string[]): readonly InstalledLink[] {
  return paths.flatMap((path) => {
    const place = KEPT.exec(path)?.[1];
    return place === undefined ? [] : [{ path: inPrefix(place), target: path, kind: "copy" as const }];
  });
}

/** A symlink that leads to its own place in the prefix would lead to itself. */
function isLinked({ keg, targets }: LinkedKeg, path: string): boolean {
  if (!MERGED.test(path) || NOT_LINKED.some((pattern) => pattern.test(path))) return false;
  const target = targets.get(path);
  return target === undefined || posix.join(`Cellar/${keg.name}/${keg.version}`, posix.dirname(path), target) !== path;
}
