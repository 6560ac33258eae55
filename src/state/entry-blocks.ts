import type { Database } from "better-sqlite3";
import { packText, packTextBeside, unpackText } from "../archive/zstd-text.ts";

/** Entries as JSON, one on each line, compressed together: each by itself would be several times as large. */
export const BLOCK_TABLE =
  "CREATE TABLE blocks (id INTEGER PRIMARY KEY, entries INTEGER NOT NULL, data BLOB NOT NULL);";

/** Where an entry is: a block, and a line of it. */
export interface EntryPlace {
  readonly block: number;
  readonly line: number;
}

/** Below this, compressing takes longer; above, finding one entry does. */
const BLOCK_CHARACTERS = 64 * 1024;
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
const KEPT_BLOCKS = 8;

interface Block {
  readonly id: number;
  readonly entries: number;
  readonly data: Buffer;
}

/** Blocks that wait to be packed by another thread; where there are more, this one packs them itself. */
const MAX_WAITING = 8;

/** Fills the table. Blocks are packed beside what is going on; `finish` waits for none of them. */
export function createBlockWriter(database: Database) {
  const insert = database.prepare<[number, number, Buffer]>("INSERT INTO blocks (id, entries, data) VALUES (?, ?, ?)");
  const waiting = new Map<number, Waiting>();
  let block = 0;
  let lines: string[] = [];
  let characters = 0;

  function pack(id: number, { text, entries }: Waiting): void {
    insert.run(id, entries, packText(text));
  }

  function flush(): void {
    if (lines.length === 0) return;
    const id = block++;
    const item = { text: lines.join("\n"), entries: lines.length };
    lines = [];
    characters = 0;
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
    /** Adds an entry's JSON. */
    add(json: string): EntryPlace {
      const place = { block, line: lines.length };
      lines.push(json);
      characters += json.length;
      if (characters >= BLOCK_CHARACTERS) flush();
      return place;
    },
    /** Adds a block as it is in another index; returns its number. */
    copy({ entries, data }: Block): number {
      flush();
      insert.run(block, entries, data);
      return block++;
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

/** Reads the table. */
export function createBlocks(database: Database) {
  const one = database.prepare<[number], Block>("SELECT id, entries, data FROM blocks WHERE id = ?");
  const kept = new Map<number, readonly string[]>();

  function lines(id: number): readonly string[] {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const block = one.get(id);
    if (block === undefined) throw new RangeError("a block of entries is missing");
    const text = unpackText(block.data, MAX_BLOCK_BYTES);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_BLOCKS && oldest !== undefined) kept.delete(oldest);
    const found = text.split("\n");
    kept.set(id, found);
    return found;
  }

  /** The JSON of an entry. @throws {RangeError} when it is not there; an error of zlib's for a damaged block */
  function json({ block, line }: EntryPlace): string {
    const found = lines(block)[line];
    if (found === undefined) throw new RangeError("an entry is missing");
    return found;
  }

  return { json, lines, block: (id: number) => one.get(id) };
}

export type EntryBlocks = ReturnType<typeof createBlocks>;
