import type { ArchiveEntry } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";

interface Node {
  readonly kind: ArchiveEntry["kind"];
  readonly mode: number;
  /** Whether it was added before. */
  readonly again: boolean;
}

const DEFAULT_DIRECTORY_MODE = 0o755;

/** The entries of an archive so far, by path: shows which paths are taken, and which cannot contain others. */
export class EntryTree {
  readonly #nodes = new Map<string, Node>();
  /** By their names with accents written in one way. */
  readonly #normal = new Map<string, string>();
  #rootMode = DEFAULT_DIRECTORY_MODE;

  /** Records the mode of the root itself. */
  addRoot(mode: number): void {
    this.#rootMode = mode;
  }

  /** Records an entry. @throws {PkgError} ARCHIVE_INVALID when the path is taken, unless both are directories */
  add(path: string, kind: ArchiveEntry["kind"], mode: number): void {
    const before = this.#nodes.get(path);
    if (before !== undefined && (before.kind !== "directory" || kind !== "directory")) {
      throw invalidArchive(`"${path}" is in it twice`);
    }
    if (before === undefined) this.#refuseTwin(path);
    this.#nodes.set(path, { kind, mode, again: before !== undefined });
  }

  /** Nobody can tell two such names apart, and some file systems do not. */
  #refuseTwin(path: string): void {
    const normal = path.normalize("NFC");
    const twin = this.#normal.get(normal) ?? (this.#nodes.has(normal) ? normal : path);
    if (twin !== path) throw invalidArchive(`"${path}" is in it twice: its accents are written in two ways`);
    if (normal !== path) this.#normal.set(normal, path);
  }

  /** False for a directory that was added before. */
  isNew(path: string): boolean {
    return this.#nodes.get(path)?.again === false;
  }

  /** True for a file, and for a hard link to one. */
  isFile(path: string): boolean {
    const kind = this.#nodes.get(path)?.kind;
    return kind === "file" || kind === "hard link";
  }

  /**
   * The directories that `path` lies in and that no entry has named yet, the outermost first.
   *
   * @throws {PkgError} ARCHIVE_INVALID when one of them is a file or a link
   */
  missingParents(path: string): readonly string[] {
    const missing: string[] = [];
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const parent = path.slice(0, slash);
      const kind = this.#nodes.get(parent)?.kind;
      if (kind === undefined) missing.push(parent);
      else if (kind !== "directory") throw invalidArchive(`"${path}" lies in "${parent}", which is a ${kind}`);
    }
    return missing;
  }

  /** All directories with their modes, the root (an empty path) first, each before those in it. */
  directories(): readonly { readonly path: string; readonly mode: number }[] {
    const found = [...this.#nodes]
      .filter(([, node]) => node.kind === "directory")
      .map(([path, { mode }]) => ({ path, mode }))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
    return [{ path: "", mode: this.#rootMode }, ...found];
  }
}
