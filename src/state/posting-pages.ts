import type { Database } from "better-sqlite3";
import { createListWriter, ListReader, ScratchList } from "./posting-codec.ts";

/**
 * Tables of lists of numbers, each under a key: words and the packages that have them. Keys are in the order of their UTF-8,
 * which is how SQLite compares them; some share a row, so that a beginning is one piece of the table.
 */
export type PostingTable = "names" | "words" | "elsewhere";

export const POSTING_TABLES: readonly PostingTable[] = ["names", "words", "elsewhere"];

/** The SQL that makes such a table. `keys` is a JSON array of text, `numbers` what createListWriter() gives. */
export function createPostingTable(table: PostingTable): string {
  return `CREATE TABLE ${table} (page INTEGER PRIMARY KEY, first TEXT NOT NULL UNIQUE, keys TEXT NOT NULL, numbers BLOB NOT NULL);`;
}

/** A key and its numbers, ascending. */
export type Posting = readonly [key: string, numbers: Uint32Array];

const MAX_KEYS = 128;
const MAX_BYTES = 16 * 1024;

/** Fills a table; keys must come in their order, see compareKeys(). */
export function createPageWriter(database: Database, table: PostingTable) {
  const insert = database.prepare<[string, string, Buffer]>(
    `INSERT INTO ${table} (first, keys, numbers) VALUES (?, ?, ?)`,
  );
  const lists = createListWriter();
  let keys: string[] = [];
  const flush = () => {
    const [first] = keys;
    if (first === undefined) return;
    insert.run(first, JSON.stringify(keys), lists.take());
    keys = [];
  };
  return {
    /** `numbers` from `from` to `to`, ascending; of none, nothing is written. */
    add(key: string, numbers: Uint32Array, from = 0, to = numbers.length): void {
      if (from === to) return;
      keys.push(key);
      lists.add(numbers, from, to);
      if (keys.length === MAX_KEYS || lists.size >= MAX_BYTES) flush();
    },
    flush,
  };
}

interface Page {
  readonly page: number;
  readonly keys: string;
  readonly numbers: Buffer;
}

/** Reads a table. What is damaged throws a SyntaxError or a RangeError, or an error of SQLite's. */
export function createPostings(database: Database, table: PostingTable) {
  const containing = database.prepare<[string], Page>(
    `SELECT page, keys, numbers FROM ${table} WHERE first <= ? ORDER BY first DESC LIMIT 1`,
  );
  const after = database.prepare<[number], Page>(
    `SELECT page, keys, numbers FROM ${table} WHERE page > ? ORDER BY page LIMIT 1`,
  );

  /** The pages from the one that would hold `key`. */
  function* pagesFrom(key: string): Generator<Page> {
    let page = containing.get(key) ?? after.get(0);
    while (page !== undefined) {
      yield page;
      page = after.get(page.page);
    }
  }

  /** The numbers of a key; none if it is not there. */
  function exact(key: string): Uint32Array {
    const page = containing.get(key);
    if (page === undefined) return new Uint32Array();
    const place = keysOf(page).indexOf(key);
    if (place === -1) return new Uint32Array();
    const lists = new ListReader(page.numbers);
    for (let index = 0; index < place; index++) lists.skip();
    return lists.next();
  }

  /** Every key that begins so, in order. */
  function* beginning(prefix: string): Generator<Posting> {
    for (const page of pagesFrom(prefix)) {
      const keys = keysOf(page);
      const lists = new ListReader(page.numbers);
      for (const key of keys) {
        if (key.startsWith(prefix)) yield [key, lists.next()];
        else lists.skip();
      }
      if (isPast(keys, prefix)) return;
    }
  }

  /** The same, with the numbers at the beginning of an array that the next list overwrites: nothing is made for each. */
  function eachBeginning(prefix: string, use: (key: string, numbers: Uint32Array, count: number) => void): void {
    const list = new ScratchList();
    for (const page of pagesFrom(prefix)) {
      const keys = keysOf(page);
      const lists = new ListReader(page.numbers);
      for (const key of keys) {
        if (!key.startsWith(prefix)) {
          lists.skip();
          continue;
        }
        const count = lists.into(list);
        use(key, list.numbers, count);
      }
      if (isPast(keys, prefix)) return;
    }
  }

  /** Every list, as eachBeginning() gives it. */
  function each(use: (key: string, numbers: Uint32Array, count: number) => void): void {
    eachBeginning("", use);
  }

  return { exact, beginning, eachBeginning, each };
}

export type Postings = ReturnType<typeof createPostings>;

/** True if what comes after these keys does not begin so. */
function isPast(keys: readonly string[], prefix: string): boolean {
  const last = keys.at(-1) ?? "";
  return !last.startsWith(prefix) && compareKeys(last, prefix) > 0;
}

/** JSON, because a key may hold any character; this program wrote it. */
function keysOf({ keys }: Page): readonly string[] {
  return JSON.parse(keys) as readonly string[];
}

/** Orders keys by their UTF-8: code units agree with that but for surrogates, which stand for what comes after all others. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Half of a character that comes after all others in UTF-8. */
export const SURROGATE = /[\ud800-\udfff]/;
