import { packText, packTextBeside } from "../archive/zstd-text.ts";
import type { Database } from "../state/open-sqlite.ts";
import { type EntryPlace, isPlain, type StoredBlock, sealLine } from "./entry-blocks.ts";

/**
 * Entries that are kept as they are, without being packed: as many as most indexes have, of a large one the first. To read them
 * takes neither `node:zlib`, which takes longer to load than all else that is read of an index, nor a block of which one line is wanted.
 */
export const MAX_PLAIN_CHARACTERS = 4 * 1024 * 1024;

/** Few enough to be read for one entry. */
const PLAIN_BLOCK_CHARACTERS = 4 * 1024;

/** Below this, compressing takes longer; above, finding one entry does. */
const BLOCK_CHARACTERS = 44 * 1024;

/** A block that is filled line by line. */
class OpenBlock {
  #lines: string[] = [];
  #characters = 0;

  get lines(): number {
    return this.#lines.length;
  }

  /** Returns how many characters that makes. */
  add(line: string): number {
    this.#lines.push(line);
    this.#characters += line.length;
    return this.#characters;
  }

  takePlain(): Omit<StoredBlock, "data"> & { readonly data: string } {
    this.#lines = this.#lines.map(sealLine);
    const { text, entries } = this.take();
    return { entries, data: text };
  }

  take(): Waiting {
    const taken = { text: this.#lines.join("\n"), entries: this.#lines.length };
    this.#lines = [];
    this.#characters = 0;
    return taken;
  }
}

/** A block that another thread packed. */
export interface PackedBlock {
  readonly entries: number;
  readonly data: Uint8Array;
}

/** Packs blocks that another thread will put in a table. */
export function createBlockPacker() {
  const open = new OpenBlock();
  let packed: PackedBlock[] = [];
  function flush(): void {
    const { text, entries } = open.take();
    if (entries > 0) packed.push({ entries, data: packText(text) });
  }
  return {
    /** Adds an entry's line; blocks are numbered from 0 since the last take(). */
    add(line: string): EntryPlace {
      const place = { block: packed.length, line: open.lines };
      if (open.add(line) >= BLOCK_CHARACTERS) flush();
      return place;
    },
    take(): readonly PackedBlock[] {
      flush();
      const taken = packed;
      packed = [];
      return taken;
    },
  };
}

/** Blocks that wait to be packed by another thread; where there are more, this one packs them itself. */
const MAX_WAITING = 8;

/** Fills the table. Blocks are packed beside what is going on; `finish` waits for none of them. */
export function createBlockWriter(database: Database) {
  const insert = database.prepare<[number, number, Uint8Array | string]>(
    "INSERT INTO blocks (id, entries, data) VALUES (?, ?, ?)",
  );
  const waiting = new Map<number, Waiting>();
  const open = new OpenBlock();
  /** The number of the open block, and of the one after all others. */
  let [block, next] = [0, 1];
  let plainCharacters = 0;
  const isPlainWanted = () => plainCharacters < MAX_PLAIN_CHARACTERS;

  function put({ entries, data }: StoredBlock, id: number): void {
    insert.run(id, entries, data);
    if (typeof data === "string") plainCharacters += data.length;
  }

  function pack(id: number, { text, entries }: Waiting): void {
    insert.run(id, entries, packText(text));
  }

  function flush(): void {
    if (open.lines === 0) return;
    const id = block;
    block = next++;
    if (isPlainWanted()) put(open.takePlain(), id);
    else packSoon(id, open.take());
  }

  function packSoon(id: number, item: Waiting): void {
    if (waiting.size === MAX_WAITING) {
      pack(id, item);
      return;
    }
    waiting.set(id, item);
    packTextBeside(item.text, (packed) => {
      if (packed !== null && waiting.has(id)) insertLater(id, { ...item, packed });
    });
  }

  /** Nobody is there to be told of an error: finish() meets it again. */
  function insertLater(id: number, { entries, packed }: Waiting & { readonly packed: Buffer }): void {
    try {
      insert.run(id, entries, packed);
      waiting.delete(id);
    } catch {
      // The block goes on waiting.
    }
  }

  return {
    /** Adds an entry's line. */
    add(line: string): EntryPlace {
      const place = { block, line: open.lines };
      if (open.add(line) >= (isPlainWanted() ? PLAIN_BLOCK_CHARACTERS : BLOCK_CHARACTERS)) flush();
      return place;
    },
    /** False for a text where there are enough of them: its lines are to be added, and are packed then. */
    takes: (stored: StoredBlock): boolean => !isPlain(stored) || isPlainWanted(),
    /** Adds a block as it is; returns its number. */
    copy(stored: StoredBlock): number {
      const id = next++;
      put(stored, id);
      return id;
    },
    /** Writes all that has been added; after that, nothing may be. */
    finish(): void {
      flush();
      for (const [id, item] of waiting) pack(id, item);
      waiting.clear();
    },
    /** Forgets what waits: the table is not there any more. */
    abort: () => waiting.clear(),
  };
}

interface Waiting {
  readonly text: string;
  readonly entries: number;
}
