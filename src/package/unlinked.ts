import type { Installation, InstalledLink } from "./installation.ts";
import { isInTree, programLinks } from "./place.ts";

/** Stands for all programs of a package, whatever its version has. */
export const ALL_PROGRAMS = "*";

/** An installation that only claims the links to programs that a person does not want, as if another package had them. */
export function withUnlinked(installation: Installation): Installation {
  const { unlinked, links, taken } = installation;
  if (unlinked.length === 0) return installation;
  const gone = new Set<InstalledLink>(programLinks(links).filter(({ path }) => isUnlinked(installation, path)));
  if (gone.size === 0) return installation;
  const claimed = taken.filter(({ path }) => ![...gone].some((link) => link.path === path));
  return { ...installation, links: links.filter((link) => !gone.has(link)), taken: [...claimed, ...gone] };
}

/** What an installation claims of the one that it replaces, beside its own links: unlinked programs of which it has the files still. */
export function claimedBefore({ files, links, taken, unlinked }: Installation, replaced: Installation | null) {
  const known = new Set([...links, ...taken].map(({ path }) => path));
  const paths = new Set(files.map(({ path }) => path));
  const isLeft = ({ path, target }: InstalledLink) =>
    isUnlinked({ unlinked }, path) && !known.has(path) && paths.has(target);
  return programLinks(replaced?.taken ?? []).filter(isLeft);
}

/** Whether a person does not want a program of an installation in the bin directory. */
export function isUnlinked({ unlinked }: Pick<Installation, "unlinked">, program: string): boolean {
  return unlinked.includes(program) || (unlinked.includes(ALL_PROGRAMS) && !isInTree(program));
}

/** An earlier installation, in which each program is linked or not as it is now: other packages keep what they have taken over. */
export function withLinksAsNow(earlier: Installation, now: Installation): Installation {
  const linked = pathsOf(now.links);
  const gone = pathsOf(now.taken);
  const wasTaken = pathsOf(earlier.taken);
  const isTaken = ({ path }: InstalledLink) => gone.has(path) || (wasTaken.has(path) && !linked.has(path));
  const all = [...earlier.links, ...earlier.taken];
  const links = all.filter((link) => !isTaken(link));
  return withUnlinked({ ...earlier, links, taken: all.filter(isTaken), unlinked: now.unlinked });
}

function pathsOf(links: readonly InstalledLink[]): ReadonlySet<string> {
  return new Set(links.map(({ path }) => path));
}
