import type { Installations } from "./installations.ts";

/** The records of a home in which nothing is installed: what is found with these depends on no machine. */
export function nothingInstalled({ ownerOf }: Pick<Installations, "ownerOf">): Installations {
  const installations: Installations = {
    withLinks: () => installations,
    list: () => [],
    needs: () => [],
    get: () => null,
    ownerOf,
    linkOwner: () => null,
    linkedDigest: () => null,
    findLink: () => null,
    prefix: () => null,
    isEmpty: () => true,
    hasDirectory: () => false,
    nameAt: () => null,
    directories: () => new Set(),
    takenFrom: () => [],
    savedFor: () => [],
    leftoverOf: () => null,
    leftovers: () => [],
    madeDirectories: () => new Set(),
    referencedDigests: () => new Set(),
  };
  return installations;
}
