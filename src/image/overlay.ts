import { ancestors, cleanPath, type LayerEntry, type LayerFiles } from "./layer-files.ts";

/** A file of an image. */
export interface FoundFile {
  readonly kind: "file";
  /** From the image's root, after all links. */
  readonly path: string;
  /** The layer that has its bytes, counted from the top, which is 0. */
  readonly layer: number;
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
}

/** What is at a path. `unknown`: a layer that has not been read yet may decide it. */
export type Found = FoundFile | { readonly kind: "directory" | "absent" | "unknown" };

/** As in the kernel: more links than this are taken for a circle. */
const MAX_LINKS = 40;

interface Topmost {
  readonly entry: LayerEntry | null;
  readonly layer: number;
  /** Whether layers that have not been read cannot change it. */
  readonly isFinal: boolean;
}

/**
 * The file system of an image, as far as its layers have been read: from the top down, so that most of an image need not be
 * fetched to find one program.
 *
 * @see OCI image-spec 1.1, layer.md, "Applying Changesets"
 */
export class Overlay {
  readonly #layers: LayerFiles[] = [];
  #isComplete = false;

  /** Adds the next layer below those that are there. */
  add(layer: LayerFiles): void {
    this.#layers.push(layer);
  }

  /** Says that there are no more layers. */
  complete(): void {
    this.#isComplete = true;
  }

  /** What is at a path, links followed; they never lead out of the image. */
  find(path: string): Found {
    return this.#follow(cleanPath(path), 0);
  }

  #follow(path: string, links: number): Found {
    if (path === "") return { kind: "directory" };
    if (links > MAX_LINKS) return { kind: "absent" };
    const { entry, layer, isFinal } = this.#topmost(path);
    if (entry === null) return isFinal ? this.#throughLinks(path, links) : { kind: "unknown" };
    if (entry.kind === "symlink") return this.#follow(linked(path, entry.target), links + 1);
    if (entry.kind === "directory") return { kind: "directory" };
    return entry.kind === "file" ? { ...entry, path, layer } : this.#hardLinked(entry.target, layer);
  }

  /** The highest layer that has the path, or hides it from those below. */
  #topmost(path: string): Topmost {
    const above = ancestors(path);
    for (const [layer, files] of this.#layers.entries()) {
      const entry = files.entries.get(path);
      if (entry !== undefined) return { entry, layer, isFinal: true };
      if (hides(files, path, above)) return { entry: null, layer, isFinal: true };
    }
    return { entry: null, layer: this.#layers.length, isFinal: this.#isComplete };
  }

  /** A path that no layer has as it is written may lead through a directory that is a link. */
  #throughLinks(path: string, links: number): Found {
    for (const directory of ancestors(path).toReversed()) {
      if (directory === "") continue;
      const { entry, isFinal } = this.#topmost(directory);
      if (entry?.kind === "symlink") {
        const rest = path.slice(directory.length);
        return this.#follow(cleanPath(linked(directory, entry.target) + rest), links + 1);
      }
      if (entry === null && !isFinal) return { kind: "unknown" };
    }
    return this.#isDirectory(path) ? { kind: "directory" } : { kind: "absent" };
  }

  /** Archives need not have an entry for a directory that has entries. */
  #isDirectory(path: string): boolean {
    return this.#layers.some(({ entries }) => [...entries.keys()].some((other) => other.startsWith(`${path}/`)));
  }

  #hardLinked(target: string, layer: number): Found {
    const path = cleanPath(target);
    const entry = this.#layers[layer]?.entries.get(path);
    return entry?.kind === "file" ? { ...entry, path, layer } : { kind: "absent" };
  }
}

function hides({ entries, removed, opaque }: LayerFiles, path: string, above: readonly string[]): boolean {
  if (removed.has(path)) return true;
  return above.some((directory) => {
    if (opaque.has(directory) || removed.has(directory)) return true;
    const entry = entries.get(directory);
    return entry !== undefined && entry.kind !== "directory";
  });
}

function linked(path: string, target: string): string {
  return cleanPath(target.startsWith("/") ? target : `${path}/../${target}`);
}
