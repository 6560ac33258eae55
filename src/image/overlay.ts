import { PkgError } from "../errors.ts";
import { ancestors, cleanPath, type FileFacts, type LayerEntry, type LayerFiles } from "./layer-files.ts";

/** A file of an image. */
export interface FoundFile extends FileFacts {
  readonly kind: "file";
  /** From the image's root, after all links. */
  readonly path: string;
  /** The layer that has its bytes, counted from the top, which is 0. */
  readonly layer: number;
}

/** What is at a path. `unknown`: a layer that has not been read yet may decide it. */
export type Found = FoundFile | { readonly kind: "directory" | "sparse" | "absent" | "unknown" };

/** As in the kernel: more links than this are taken for a circle. */
const MAX_LINKS = 40;
/** Several times what it takes to look at all programs of a large image; links that lead through links may take any number. */
const MAX_STEPS = 20_000_000;

interface HardLinked {
  readonly target: string;
  readonly layer: number;
  readonly links: number;
  readonly reach: (path: string) => void;
}

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
  #steps = 0;

  /** Adds the next layer below those that are there. */
  add(layer: LayerFiles): void {
    this.#layers.push(layer);
  }

  /** Says that there are no more layers. */
  complete(): void {
    this.#isComplete = true;
  }

  /** The names in a directory, as far as layers have been read, in no order; some of them may be hidden. */
  names(path: string): ReadonlySet<string> {
    const start = `${this.#directory(path)}/`.replace(/^\/$/, "");
    const paths = this.#layers.flatMap(({ entries }) => [...entries.keys()].filter((one) => one.startsWith(start)));
    const names = paths.map((one) => one.slice(start.length));
    return new Set(names.filter((name) => name !== "" && !name.includes("/")));
  }

  /**
   * What is at a path, links followed; they never lead out of the image.
   *
   * @throws {PkgError} ARCHIVE_INVALID for links that lead through so many links that it would never end
   */
  find(path: string): Found {
    return this.#follow(cleanPath(path), 0);
  }

  /** Where a directory really is. */
  #directory(path: string): string {
    let place = "";
    this.#follow(cleanPath(path), 0, (last) => {
      place = last;
    });
    return place;
  }

  #follow(path: string, links: number, reach: (path: string) => void = () => {}): Found {
    reach(path);
    if (path === "") return { kind: "directory" };
    if (links > MAX_LINKS) return { kind: "absent" };
    const { entry, layer, isFinal } = this.#topmost(path);
    if (entry === null) return isFinal ? this.#throughLinks(path, links, reach) : { kind: "unknown" };
    if (entry.kind === "symlink") return this.#follow(linked(path, entry.target), links + 1, reach);
    if (entry.kind === "directory" || entry.kind === "sparse") return { kind: entry.kind };
    if (entry.kind === "special") return { kind: "absent" };
    return entry.kind === "file"
      ? { ...entry, path, layer }
      : this.#hardLinked(path, { ...entry, layer, links, reach });
  }

  /** The highest layer that has the path, or hides it from those below. */
  #topmost(path: string): Topmost {
    const above = ancestors(path);
    this.#count((above.length + 1) * this.#layers.length);
    for (const [layer, files] of this.#layers.entries()) {
      const entry = files.entries.get(path);
      if (entry !== undefined) return { entry, layer, isFinal: true };
      if (hides(files, path, above)) return { entry: null, layer, isFinal: true };
    }
    return { entry: null, layer: this.#layers.length, isFinal: this.#isComplete };
  }

  /** A path that no layer has as it is written may lead through a directory that is a link. */
  #throughLinks(path: string, links: number, reach: (path: string) => void): Found {
    for (const directory of ancestors(path).toReversed()) {
      if (directory === "") continue;
      const { entry, isFinal } = this.#topmost(directory);
      if (entry?.kind === "symlink") {
        const rest = path.slice(directory.length);
        return this.#follow(cleanPath(linked(directory, entry.target) + rest), links + 1, reach);
      }
      if (entry === null && !isFinal) return { kind: "unknown" };
    }
    const isDirectory = this.#layers.some(({ parents }) => parents.has(path));
    return { kind: isDirectory ? "directory" : "absent" };
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= MAX_STEPS) return;
    throw new PkgError("ARCHIVE_INVALID", "Cannot read the image: its links lead through too many other links");
  }

  /** The other name may be that of a link, too: of a hard link, and of a symlink, which is the same from another place. */
  #hardLinked(path: string, { target, layer, links, reach }: HardLinked): Found {
    const other = cleanPath(target);
    const entry = links > MAX_LINKS ? undefined : this.#layers[layer]?.entries.get(other);
    switch (entry?.kind) {
      case "file":
        return { ...entry, path: other, layer };
      case "symlink":
        return this.#follow(linked(path, entry.target), links + 1, reach);
      case "sparse":
        return { kind: "sparse" };
      case "hard link":
        return this.#hardLinked(path, { target: entry.target, layer, links: links + 1, reach });
      default:
        return { kind: "absent" };
    }
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
