import { type Aliased, isAlias } from "./install-name.ts";
import type { Installation } from "./installation.ts";
import { isSafeName } from "./names.ts";
import { programLinks } from "./place.ts";
import type { Link } from "./provides.ts";

/** The links of an installation under its name, and which of them are left out. */
export interface AliasLinks {
  readonly links: readonly Link[];
  /** Names of programs that are linked when a person asks for it alone. */
  readonly unlinked: readonly string[];
}

/**
 * The links of a package under the name that it is installed as: its main program has that name. Where the name is the
 * package's with something after it (`trurl8`), all other programs have the same after theirs, else they are left out.
 */
export function aliasLinks(installed: Aliased, links: readonly Link[]): AliasLinks {
  if (!isAlias(installed)) return { links, unlinked: [] };
  const { name, packageName } = installed;
  const main = links.find(({ link }) => link === packageName) ?? links.find(({ link }) => link === name);
  const suffix = name.startsWith(packageName) ? name.slice(packageName.length) : null;
  const others = links.filter((item) => item !== main && item.link !== name);
  const named = others.map(({ title, link }) => {
    const suffixed = `${link}${suffix ?? ""}`;
    return { title, link: suffix !== null && isSafeName(suffixed) ? suffixed : link, isLinked: suffix !== null };
  });
  return {
    links: [
      ...(main === undefined ? [] : [{ ...main, link: name }]),
      ...named.map(({ title, link }) => ({ title, link })),
    ],
    unlinked: named.flatMap(({ link, isLinked }) => (isLinked ? [] : [link])),
  };
}

/** The links of an installation as its package names them: what `aliasLinks` made of them, taken back. */
export function ownLinks(installed: Aliased & Pick<Installation, "links" | "taken">): readonly Link[] {
  const isRenamed = isAlias(installed);
  const links = programLinks(isRenamed ? [...installed.links, ...installed.taken] : installed.links);
  const { name, packageName } = installed;
  const suffix = name.startsWith(packageName) ? name.slice(packageName.length) : "";
  const ownName = (link: string) => {
    if (link === name) return packageName;
    return suffix !== "" && link.endsWith(suffix) ? link.slice(0, -suffix.length) : link;
  };
  return links.map(({ path, target }) => ({ title: target, link: isRenamed ? ownName(path) : path }));
}
