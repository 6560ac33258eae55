import type { ExtractLimits } from "./extract-limits.ts";

/** What counts of an entry; `size` in bytes. */
export interface CountedEntry {
  readonly path: string;
  readonly target?: string;
  readonly size?: number;
}

/** How much an archive holds so far, of what is limited: the same for who packs it and for who unpacks it. */
export class EntryTally {
  readonly #limits: ExtractLimits;
  readonly #fail: (problem: string) => Error;
  #entries = 0;
  #bytes = 0;
  #pathsBytes = 0;

  /** @param fail makes the error; `problem` follows the archive's name: `it has more than 100 entries` */
  constructor(limits: ExtractLimits, fail: (problem: string) => Error) {
    this.#limits = limits;
    this.#fail = fail;
  }

  get isEmpty(): boolean {
    return this.#entries === 0;
  }

  /** Adds an entry, or a directory that a path implies. @throws what `fail` makes, for more than is allowed */
  add({ path, target = "", size = 0 }: CountedEntry): void {
    this.#entries += 1;
    this.#bytes += size;
    this.#pathsBytes += Buffer.byteLength(path) + Buffer.byteLength(target);
    const { maxEntries, maxBytes, maxPathsBytes } = this.#limits;
    if (this.#entries > maxEntries) throw this.#tooMuch("entries", maxEntries);
    if (this.#bytes > maxBytes) throw this.#tooMuch("bytes", maxBytes);
    if (this.#pathsBytes > maxPathsBytes) throw this.#tooMuch("bytes in its paths", maxPathsBytes);
  }

  #tooMuch(what: string, limit: number): Error {
    return this.#fail(`it has more than ${limit} ${what}`);
  }
}
