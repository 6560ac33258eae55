import type { Installation, InstalledLink } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { kegPrograms } from "../pour/keg-links.ts";

/**
 * The links to programs that a keg has only once somebody asks for them with `pkg link`: it is keg-only, or came along for another
 * package. Empty for everything else.
 */
export function linksOnRequest({
  keg,
  files,
  isDependency,
}: Pick<Installation, "keg" | "files" | "isDependency">): readonly InstalledLink[] {
  if (keg === null || (keg.kegOnly === null && !isDependency)) return [];
  const programs = kegPrograms({ paths: files.map(({ path }) => path), isKegOnly: false });
  return programs.map(({ link, title }) => ({ path: link, target: title, kind: "link" as const }));
}

/**
 * A keg with those links that the one before it was given with `pkg link`: the same programs; if those were all that it had, all
 * that there are now.
 */
export function withLinksAsBefore(draft: Installation, before: Installation): Installation {
  const could = linksOnRequest(before);
  const had = pathsOf(before);
  const isWhole = could.every(({ path }) => had.has(path));
  const known = pathsOf(draft);
  const isComing = ({ path }: InstalledLink) => !known.has(path) && (isWhole || had.has(path));
  const coming = could.length === 0 || had.size === 0 ? [] : linksOnRequest(draft).filter(isComing);
  return coming.length === 0 ? draft : { ...draft, links: [...draft.links, ...coming] };
}

/** The programs that an installation has links to, or would have if nobody else had them. */
function pathsOf({ links, taken }: Pick<Installation, "links" | "taken">): ReadonlySet<string> {
  return new Set(programLinks([...links, ...taken]).map(({ path }) => path));
}
