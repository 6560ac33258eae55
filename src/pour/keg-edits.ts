import { posix } from "node:path";
import type { InstalledLink } from "../package/installation.ts";
import { inPrefix } from "../package/place.ts";
import { type Replacement, replaceText } from "./replace-text.ts";

/** A file that a keg gets after it was unpacked. */
export type MadeFile =
  | { readonly kind: "text"; readonly path: string; readonly text: string }
  | { readonly kind: "symlink"; readonly path: string; readonly target: string }
  /** The same as another file of the keg. */
  | { readonly kind: "same"; readonly path: string; readonly as: string }
  /** What is in another file, such as itself, with other texts in it. */
  | {
      readonly kind: "changed";
      readonly path: string;
      readonly as: string;
      readonly replacements: readonly Replacement[];
    }
  /** The program that is in a gzip of the keg. */
  | { readonly kind: "unpacked"; readonly path: string; readonly as: string };

/** Permissions that a file of the keg gets, as for `chmod`. */
export interface ModeChange {
  readonly path: string;
  readonly permissions: string;
}

/** Where what belongs beside the keg is kept in it, so that it is recorded, verified and removed with the keg. */
const BESIDE = ".bottle/pkg";

/** The changes that steps make to a keg, and what leads to it from the prefix. */
export class KegEdits {
  readonly #paths: Set<string>;
  readonly #made = new Map<string, MadeFile>();
  readonly #links = new Map<string, InstalledLink>();
  readonly #modes: ModeChange[] = [];

  /** @param paths of the files and links in the keg */
  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
  }

  get made(): readonly MadeFile[] {
    return [...this.#made.values()];
  }

  get links(): readonly InstalledLink[] {
    return [...this.#links.values()];
  }

  get modes(): readonly ModeChange[] {
    return this.#modes;
  }

  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  /** True for a file, a link, or a directory with any. */
  has(path: string): boolean {
    return this.#paths.has(path) || this.isDirectory(path);
  }

  isDirectory(path: string): boolean {
    return path === "" || this.below(path).length > 0;
  }

  /** The files below a directory, relative to it. */
  below(directory: string): readonly string[] {
    const start = directory === "" ? "" : `${directory}/`;
    return [...this.#paths].flatMap((path) => (path.startsWith(start) ? [path.slice(start.length)] : []));
  }

  /** Adds a file to the keg, in place of one that is there. False where a directory is in its place, or a file in that of its directory. */
  add(file: MadeFile): boolean {
    if (this.isDirectory(file.path) || this.#isBelowFile(file.path)) return false;
    this.#paths.add(file.path);
    this.#made.set(file.path, file);
    return true;
  }

  #isBelowFile(path: string): boolean {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
      if (this.#paths.has(parent)) return true;
    }
    return false;
  }

  remove(path: string): void {
    this.#paths.delete(path);
    this.#made.delete(path);
  }

  setMode(change: ModeChange): void {
    this.#modes.push(change);
  }

  /** Replaces a text in a file of the keg, also in one that was made. False where that cannot be. */
  replace(path: string, replacement: Replacement): boolean {
    const made = this.#made.get(path);
    if (made === undefined) {
      this.#made.set(path, { kind: "changed", path, as: path, replacements: [replacement] });
    } else if (made.kind === "changed") {
      this.#made.set(path, { ...made, replacements: [...made.replacements, replacement] });
    } else if (made.kind === "same") {
      this.#made.set(path, { kind: "changed", path, as: made.as, replacements: [replacement] });
    } else if (made.kind === "text") {
      const replaced = replaceText(Buffer.from(made.text), [replacement]);
      if (replaced === null || replaced.missed.length > 0) return false;
      this.#made.set(path, { ...made, text: replaced.bytes.toString() });
    } else return false;
    return true;
  }

  /** The file of the keg that is copied to a place in the prefix; null: none is. */
  copiedTo(place: string): string | null {
    const link = this.#links.get(place);
    if (link !== undefined) return link.kind === "copy" ? link.target : null;
    return this.#paths.has(`.bottle/${place}`) ? `.bottle/${place}` : null;
  }

  /** Leads from a place in the prefix to a file of the keg. */
  link(place: string, target: string): void {
    this.#links.set(place, { path: inPrefix(place), target, kind: "link" });
  }

  /** Copies a file of the keg into the prefix, where its user may edit it. */
  copy(place: string, target: string): void {
    this.#links.set(place, { path: inPrefix(place), target, kind: "copy" });
  }

  /** Writes a text into the prefix. False as for add(). */
  write(place: string, text: string): boolean {
    const path = `${BESIDE}/${place}`;
    if (!this.add({ kind: "text", path, text })) return false;
    this.copy(place, path);
    return true;
  }

  /** Leads from a place in the prefix to another one, or with an absolute target to one of this machine. False as for add(). */
  linkBeside(
    place: string,
    target: string,
    { name, version }: { readonly name: string; readonly version: string },
  ): boolean {
    const path = `${BESIDE}/${place}`;
    const from = posix.dirname(`Cellar/${name}/${version}/${path}`);
    const leads = target.startsWith("/") ? target : posix.relative(from, target);
    if (!this.add({ kind: "symlink", path, target: leads })) return false;
    this.link(place, path);
    return true;
  }

  /** Keeps a directory in the prefix, with an empty file in it. False as for add(). */
  keepDirectory(place: string): boolean {
    return this.write(`${place}/.keepme`, "");
  }
}
