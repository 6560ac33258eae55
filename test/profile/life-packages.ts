import { join } from "node:path";
import type { Installation } from "../../src/package/installation.ts";
import { isInPrefix, pathInPrefix } from "../../src/package/place.ts";
import { prepareKeg, type SampleKeg } from "./keg-home.ts";
import { type Prepared, type ProfileHome, preparePackage, type SamplePackage, script } from "./profile-home.ts";

/** A version of a package, by their names. */
export interface Named {
  readonly name: string;
  readonly version: string;
}

/** Packages that are files. */
const SINGLE = ["a", "b", "c", "d"];
/** Packages that are kegs in the prefix. */
const KEGS = ["k", "m"];
export const NAMES = [...SINGLE, ...KEGS];
/** Names in the bin directory that several packages want. */
export const LINKS = ["one", "two", "three", "four", "five"];

/** What a version needs. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { "a 2": ["k"], "c 1": ["a"], "m 3": ["b"], "k 3": ["d"] };

/** Stores a package, and drafts its installation as one that was asked for. */
export async function prepare(home: ProfileHome, item: Named): Promise<Prepared> {
  const isKeg = KEGS.includes(item.name);
  const { verified, draft } = await (isKeg ? prepareKeg(home, keg(item)) : preparePackage(home, sample(item)));
  return { verified, draft: { ...draft, dependencies: needsOf(item) } };
}

/** Names of what a version of a package needs. */
export function needsOf({ name, version }: Named): readonly string[] {
  return NEEDS[`${name} ${version}`] ?? [];
}

/** A tiny package; versions have some links and files in common, and so have different packages. */
function sample({ name, version }: Named): SamplePackage {
  const first = NAMES.indexOf(name) + Number(version);
  const wanted = [0, 1].map((offset) => LINKS[(first + offset) % LINKS.length] ?? "one");
  const pages = [name, ...(version === "2" ? ["common"] : [])];
  return {
    name,
    version,
    files: { [name]: script(`${name} ${version}`), shared: script("shared"), page: `page of ${name} ${version}` },
    links: {
      ...Object.fromEntries([...new Set([name, ...wanted])].map((link) => [link, name])),
      ...Object.fromEntries(pages.map((page) => [`@data/man/man1/${page}.1`, "page"])),
    },
  };
}

/** A keg with links and copies in the prefix; those of version 3 are fewer, and one is another kind of thing there. */
function keg({ name, version }: Named): SampleKeg {
  const [library, settings] = [`lib/lib${name}.so`, `etc/${name}.conf`];
  const common = version === "2" ? ["lib/common/file"] : [];
  const files = {
    [`bin/${name}`]: script(`${name} ${version}`),
    "bin/three": script(`three of ${name} ${version}`),
    [library]: `library ${name} ${version}`,
    [settings]: version === "3" ? "settings" : `settings ${version}`,
    ...Object.fromEntries(common.map((path) => [path, `common of ${name}`])),
    current: "-> lib",
  };
  const programs = version === "1" ? [name] : [name, "three"];
  const links = [library, ...common, ...(version === "3" ? [settings] : [])];
  return { name, version, files, links, copies: version === "3" ? [] : [settings], programs };
}

/** The absolute path of what is in the directory of an installation. */
export function pathIn({ packages, prefix }: ProfileHome, { directory }: Installation, path: string): string {
  const root = isInPrefix(directory) ? join(prefix, pathInPrefix(directory)) : join(packages, directory);
  return join(root, path);
}
