import { posix } from "node:path";

/** An icon of a package, and where a desktop looks for it. */
export interface IconFile {
  /** Relative to the directory of the package. */
  readonly path: string;
  /** Relative to the data directory. */
  readonly place: string;
  /** How well it fits any size: the best has most. */
  readonly rank: number;
}

/** One that is larger shows nothing that a menu has room for. */
export const MAX_ICON_BYTES = 4 * 1024 * 1024;

const FILE = /^(.+)\.(png|svg|xpm)$/;
const THEMED = /(?:^|\/)icons\/hicolor\/(\d{1,4}x\d{1,4}(?:@[1-4])?|scalable|symbolic)\/apps\/[^/]+$/;
/** Unthemed icons lie in `icons` itself. */
const LOOSE = /^(?:[^/]+|(?:usr\/)?(?:share\/)?(?:pixmaps|icons)\/[^/]+|(?:assets|contrib|desktop|resources)\/[^/]+)$/;
const SCALABLE = 10_000;
/** Of one name: as many sizes as any theme has. */
const MAX_ICONS = 64;

/**
 * The icons of a name among the files of a package: those in a tree of the hicolor theme, else one beside the program.
 *
 * @see Icon Theme Specification 0.13, "Directory layout"
 */
export function iconsNamed(name: string, paths: readonly string[]): readonly IconFile[] {
  if (!/^[A-Za-z0-9_][\w.+-]*$/.test(name)) return [];
  const found = paths.flatMap((path): readonly (IconFile & { readonly isLoose: boolean })[] => {
    const [, stem, ending] = FILE.exec(posix.basename(path)) ?? [];
    if (stem !== name) return [];
    const base = `${stem}.${ending}`;
    const size = THEMED.exec(path)?.[1];
    if (size !== undefined)
      return [{ path, place: `icons/hicolor/${size}/apps/${base}`, rank: rankOf(size), isLoose: false }];
    return LOOSE.test(path) ? [{ path, place: `icons/${base}`, rank: ending === "svg" ? 2 : 1, isLoose: true }] : [];
  });
  const themed = found.filter(({ isLoose }) => !isLoose);
  const best = found.toSorted((one, other) => other.rank - one.rank || (one.path < other.path ? -1 : 1));
  const chosen = themed.length > 0 ? best.filter(({ isLoose }) => !isLoose) : best.slice(0, 1);
  const byPlace = new Map(chosen.toReversed().map(({ path, place, rank }) => [place, { path, place, rank }]));
  return [...byPlace.values()].toReversed().slice(0, MAX_ICONS);
}

function rankOf(size: string): number {
  if (size === "scalable") return SCALABLE;
  return size === "symbolic" ? 0 : Number.parseInt(size, 10);
}
