/** A file of an image, as far as its layer's entry and its first bytes tell. */
export interface FileFacts {
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** In the image it may do more than whoever starts it. */
  readonly hasCapabilities?: boolean;
  /** Absent: not looked at. */
  readonly content?: "elf" | "script" | "data";
}

/** True when anybody may start it. */
export function isExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0;
}

/** An entry of one layer. */
export type LayerEntry =
  | ({ readonly kind: "file" } & FileFacts)
  | { readonly kind: "directory" }
  /** As it is written: relative to the link's directory, or from the image's root. */
  | { readonly kind: "symlink"; readonly target: string }
  /** The path of another entry of the same layer. */
  | { readonly kind: "hard link"; readonly target: string }
  /** A device or a FIFO. */
  | { readonly kind: "special" }
  /** A file with holes, which cannot be read. */
  | { readonly kind: "sparse" };

/** What an archive says about a layer's entry, in its order. */
export interface ListedEntry {
  readonly path: string;
  readonly entry: LayerEntry;
}

/** What one layer adds to those below it, and what it hides of them. */
export interface LayerFiles {
  /** By path without a slash at its beginning, such as `usr/bin/uv`. */
  readonly entries: ReadonlyMap<string, LayerEntry>;
  /** Paths that are gone, with all below them. */
  readonly removed: ReadonlySet<string>;
  /** Directories of which nothing below this layer counts. */
  readonly opaque: ReadonlySet<string>;
  /** Directories that have entries: archives need not have an entry for a directory itself. */
  readonly parents: ReadonlySet<string>;
}

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/**
 * Reads what a layer adds and hides. A path that an archive has twice counts as it stands last, as if it were unpacked.
 *
 * @see OCI image-spec 1.1, layer.md, "Whiteouts"
 */
export function layerFiles(listed: Iterable<ListedEntry>): LayerFiles {
  const entries = new Map<string, LayerEntry>();
  const [removed, opaque] = [new Set<string>(), new Set<string>()];
  for (const { path, entry } of listed) {
    const clean = cleanPath(path);
    const [directory, name] = split(clean);
    if (name === OPAQUE) opaque.add(directory);
    else if (name.startsWith(WHITEOUT)) removed.add(join(directory, name.slice(WHITEOUT.length)));
    else if (clean !== "") entries.set(clean, entry);
  }
  return { entries, removed, opaque, parents: new Set([...entries.keys()].flatMap(parentsOf(new Set()))) };
}

/** Each directory is reported once, with those above it. */
function parentsOf(told: Set<string>): (path: string) => readonly string[] {
  return (path) => {
    const found: string[] = [];
    for (let [directory] = split(path); directory !== "" && !told.has(directory); [directory] = split(directory)) {
      told.add(directory);
      found.push(directory);
    }
    return found;
  };
}

/**
 * A path from the image's root, in its shortest spelling: `..` at the root stays there, as the kernel has it.
 *
 * @returns without a slash at either end; empty for the root
 */
export function cleanPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}

/** The directories that a path leads through, the nearest first: `usr/bin`, `usr` and the root of `usr/bin/uv`. */
export function ancestors(path: string): readonly string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, names.length - 1 - index).join("/"));
}

function split(path: string): readonly [directory: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
