import { ancestors, type LayerFiles } from "./layer-files.ts";

/** A directory that is a link, and the layers, counted from the top, that write through it. */
interface DirectoryLink {
  /** Such as `bin`. */
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

/** Several systems have `bin` and `sbin` for one directory; more than a few names for one are made to take time. */
const MOST_NAMES = 16;

/**
 * The links that layers write through: a layer may have `bin/tool` where `bin` is a link to `usr/bin` in a layer below, and
 * unpacked it is `usr/bin/tool` then.
 *
 * @see OCI image-spec 1.1, layer.md, "Applying Changesets"
 */
export class LinkedDirectories {
  /** Directories of the layers so far that have entries, and none for themselves. */
  readonly #implied = new Set<string>();
  /** By the directory that they lead to, such as `usr/bin`. */
  readonly #links = new Map<string, readonly DirectoryLink[]>();

  /**
   * Looks for such links in the lowest of some layers.
   *
   * @param linked where a link leads
   */
  addLowest(layers: readonly LayerFiles[], linked: (path: string, target: string) => string): void {
    const last = layers.length - 1;
    const { entries, parents } = layers[last] ?? { entries: new Map(), parents: new Set<string>() };
    for (const [path, entry] of entries) {
      if (entry.kind !== "symlink" || !(this.#implied.has(path) || parents.has(path))) continue;
      const target = linked(path, entry.target);
      const others = this.#links.get(target) ?? [];
      if (target === "" || others.length >= MOST_NAMES) continue;
      this.#links.set(target, [...others, { path, first: firstBelow(layers, path), last }]);
    }
    for (const parent of parents) if (!entries.has(parent)) this.#implied.add(parent);
  }

  /** The other paths that a layer may have a file by. */
  otherPaths(path: string, layer: number): readonly string[] {
    if (this.#links.size === 0) return [];
    return ancestors(path).flatMap((directory) =>
      (this.#links.get(directory) ?? [])
        .filter(({ first, last }) => first <= layer && layer <= last)
        .map((link) => link.path + path.slice(directory.length)),
    );
  }

  /** The other paths of a directory. */
  otherDirectories(directory: string): readonly string[] {
    return (this.#links.get(directory) ?? []).map(({ path }) => path);
  }
}

/** The first layer, from the top, for which the link of the last one still counts: no layer in between replaces or removes it. */
function firstBelow(layers: readonly LayerFiles[], path: string): number {
  const above = layers.slice(0, -1);
  return above.findLastIndex(({ entries, removed }) => entries.has(path) || removed.has(path)) + 1;
}
