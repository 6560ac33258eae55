import type { Installation, InstalledLink } from "./installation.ts";
import { programLinks } from "./place.ts";

/** Stands for all programs of a package, whatever its version has. */
export const ALL_PROGRAMS = "*";

/** An installation without the links to programs that a person does not want; what other packages took of them is not claimed. */
export function withoutUnlinked(installation: Installation): Installation {
  const { unlinked, links, taken } = installation;
  if (unlinked.length === 0) return installation;
  const keep = (list: readonly InstalledLink[]) => {
    const gone = new Set(programLinks(list).filter(({ path }) => isUnlinked(installation, path)));
    return list.filter((link) => !gone.has(link));
  };
  return { ...installation, links: keep(links), taken: keep(taken) };
}

/** Whether a person does not want a program of an installation in the bin directory. */
export function isUnlinked({ unlinked }: Pick<Installation, "unlinked">, program: string): boolean {
  return unlinked.includes(ALL_PROGRAMS) || unlinked.includes(program);
}
