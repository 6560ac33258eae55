import type { LayerFiles } from "./layer-files.ts";

/** A directory that is a link, and the layers, counted from the top, that write through it. */
interface DirectoryLink {
  /** Such as `bin`. */
  readonly path: string;
  /** Such as `usr/bin`. */
  readonly target: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The links that layers write through: a layer may have `bin/tool` where `bin` is a link to `usr/bin` in a layer below, and
 * unpacked it is `usr/bin/tool` then.
 *
 * @see OCI image-spec 1.1, layer.md, "Applying Changesets"
 */
export class LinkedDirectories {
  /** Directories of the layers so far that have entries, and none for themselves. */
  readonly #implied = new Set<string>();
  readonly #links: DirectoryLink[] = [];

  get count(): number {
    return this.#links.length;
  }

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
      if (target !== "") this.#links.push({ path, target, first: firstBelow(layers, path), last });
    }
    for (const parent of parents) if (!entries.has(parent)) this.#implied.add(parent);
  }

  /** The other paths that a layer may have a file by. */
  otherPaths(path: string, layer: number): readonly string[] {
    return this.#links.flatMap((link) => {
      const isWritten = link.first <= layer && layer <= link.last && path.startsWith(`${link.target}/`);
      return isWritten ? [link.path + path.slice(link.target.length)] : [];
    });
  }

  /** The other paths of a directory. */
  otherDirectories(directory: string): readonly string[] {
    return this.#links.filter(({ target }) => target === directory).map(({ path }) => path);
  }
}

/** The first layer, from the top, for which the link of the last one still counts: no layer in between replaces or removes it. */
function firstBelow(layers: readonly LayerFiles[], path: string): number {
  const above = layers.slice(0, -1);
  return above.findLastIndex(({ entries, removed }) => entries.has(path) || removed.has(path)) + 1;
}
