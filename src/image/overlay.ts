import { PkgError } from "../errors.ts";
import { ancestors, cleanPath, type FileFacts, type LayerEntry, type LayerFiles } from "./layer-files.ts";
import { LinkedDirectories } from "./linked-directories.ts";

/** A file of an image. */
export interface FoundFile extends FileFacts {
  readonly kind: "file";
  /** From the image's root, after all links, as its layer has it. */
  readonly path: string;
  /** The layer that has its bytes, counted from the top, which is 0. */
  readonly layer: number;
}

/** What is at a path. `unknown`: a layer that has not been read yet may decide it. */
export type Found = FoundFile | { readonly kind: "directory" | "sparse" | "absent" | "unknown" };

/** As in the kernel: more links than this on the way of one path are taken for a circle. */
const MAX_LINKS = 40;
/** Several times what it takes to look at all programs of a large image; links that lead through links may take any number. */
const MAX_STEPS = 20_000_000;

/** Called with each path that was reached on the way. */
type Reach = (path: string) => void;

interface HardLinked {
  readonly target: string;
  readonly layer: number;
  readonly reach: Reach;
}

interface Topmost {
  readonly entry: LayerEntry | null;
  /** As the layer has it. */
  readonly written: string;
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
  readonly #linkedDirectories = new LinkedDirectories();
  #isComplete = false;
  #steps = 0;
  /** Links that were followed on the way of the present path. */
  #followed = 0;

  /** Adds the next layer below those that are there. */
  add(layer: LayerFiles): void {
    this.#layers.push(layer);
    this.#linkedDirectories.addLowest(this.#layers, (path, target) => cleanPath(fromRoot(path, target)));
  }

  /** Says that there are no more layers. */
  complete(): void {
    this.#isComplete = true;
  }

  /** The names in a directory, as far as layers have been read, in no order; some of them may be hidden. */
  names(path: string): ReadonlySet<string> {
    this.#followed = 0;
    const directory = this.#place(cleanPath(path)) ?? cleanPath(path);
    const all = [directory, ...this.#linkedDirectories.otherDirectories(directory)];
    return new Set(all.flatMap((one) => this.#namesIn(`${one}/`.replace(/^\/$/, ""))));
  }

  #namesIn(start: string): readonly string[] {
    const paths = this.#layers.flatMap(({ entries }) => [...entries.keys()].filter((one) => one.startsWith(start)));
    return paths.map((one) => one.slice(start.length)).filter((name) => name !== "" && !name.includes("/"));
  }

  /**
   * What is at a path, links followed; they never lead out of the image.
   *
   * @throws {PkgError} ARCHIVE_INVALID for links that lead through so many links that it would never end
   */
  find(path: string): Found {
    this.#followed = -1;
    return this.#followLinked("", path);
  }

  /** Where a path leads; null when a layer that has not been read may decide it. */
  #place(path: string): string | null {
    let place = path;
    const found = this.#follow(path, (last) => {
      place = last;
    });
    return found.kind === "unknown" ? null : place;
  }

  /**
   * Where a link leads, as the kernel has it: `..` after the name of a directory leads up from where that really is. Null as
   * in #place().
   */
  #linked(path: string, target: string): string | null {
    let place = target.startsWith("/") ? "" : parentOf(path);
    let isReal = true;
    for (const name of target.split("/")) {
      if (name === "" || name === ".") continue;
      const above = name === ".." && !isReal ? this.#place(place) : place;
      if (above === null) return null;
      isReal = name === "..";
      place = isReal ? parentOf(above) : `${above}${above === "" ? "" : "/"}${name}`;
    }
    return place;
  }

  #followLinked(path: string, target: string, reach?: Reach, rest = ""): Found {
    this.#followed += 1;
    if (this.#followed > MAX_LINKS) return { kind: "absent" };
    const place = this.#linked(path, target);
    if (this.#followed > MAX_LINKS) return { kind: "absent" };
    return place === null ? { kind: "unknown" } : this.#follow(cleanPath(place + rest), reach);
  }

  #follow(path: string, reach: Reach = () => {}): Found {
    reach(path);
    if (path === "") return { kind: "directory" };
    const { entry, written, layer, isFinal } = this.#topmost(path);
    if (entry === null) return isFinal ? this.#throughLinks(path, reach) : { kind: "unknown" };
    if (entry.kind === "symlink") return this.#followLinked(path, entry.target, reach);
    if (entry.kind === "directory" || entry.kind === "sparse") return { kind: entry.kind };
    if (entry.kind === "special") return { kind: "absent" };
    return entry.kind === "file"
      ? { ...entry, path: written, layer }
      : this.#hardLinked(path, { ...entry, layer, reach });
  }

  /** The highest layer that has the path, or hides it from those below. */
  #topmost(path: string): Topmost {
    const above = ancestors(path);
    this.#count((above.length + 1) * this.#layers.length);
    for (const [layer, files] of this.#layers.entries()) {
      const paths = [path, ...this.#linkedDirectories.otherPaths(path, layer)];
      const written = paths.find((one) => files.entries.has(one)) ?? path;
      const entry = files.entries.get(written);
      if (entry !== undefined) return { entry, written, layer, isFinal: true };
      const isHidden = hides(files, path, above) || paths.some((one) => files.removed.has(one));
      if (isHidden) return { entry: null, written, layer, isFinal: true };
    }
    return { entry: null, written: path, layer: this.#layers.length, isFinal: this.#isComplete };
  }

  /** A path that no layer has as it is written may lead through a directory that is a link. */
  #throughLinks(path: string, reach: Reach): Found {
    for (const directory of ancestors(path).toReversed()) {
      if (directory === "") continue;
      const { entry, isFinal } = this.#topmost(directory);
      if (entry?.kind === "symlink") {
        return this.#followLinked(directory, entry.target, reach, path.slice(directory.length));
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
  #hardLinked(path: string, { target, layer, reach }: HardLinked): Found {
    const other = cleanPath(target);
    this.#followed += 1;
    const entry = this.#followed > MAX_LINKS ? undefined : this.#layers[layer]?.entries.get(other);
    switch (entry?.kind) {
      case "file":
        return { ...entry, path: other, layer };
      case "symlink":
        return this.#followLinked(path, entry.target, reach);
      case "sparse":
        return { kind: "sparse" };
      case "hard link":
        return this.#hardLinked(path, { target: entry.target, layer, reach });
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

function fromRoot(path: string, target: string): string {
  return target.startsWith("/") ? target : `${path}/../${target}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
