import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { type Occupant, occupantOf } from "./links.ts";

const NOTHING: Occupant = { kind: "absent" };

/**
 * What is at paths while a unit is planned: each is looked at once, and not at all where its directory is missing. Whoever makes a
 * link there looks again.
 */
export class Looks {
  readonly #found = new Map<string, Occupant>();
  /** Directories, and whether they are missing. */
  readonly #missing = new Map<string, boolean>();

  /** @throws {PkgError} as occupantOf */
  at(path: string): Occupant {
    const known = this.#found.get(path);
    if (known !== undefined) return known;
    const found = this.#isMissing(dirname(path)) ? NOTHING : occupantOf(path);
    this.#found.set(path, found);
    return found;
  }

  #isMissing(directory: string): boolean {
    const known = this.#missing.get(directory);
    if (known !== undefined) return known;
    const isMissing = isNothingAt(directory);
    this.#missing.set(directory, isMissing);
    return isMissing;
  }
}

/** False where it cannot be told: a look at what is in it says why. */
function isNothingAt(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
