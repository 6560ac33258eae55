import type { Database } from "../state/open-sqlite.ts";
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
  /** The first of its keys. */
  readonly first: string;
  readonly numbers: Buffer;
}

/** Reads a table. What is damaged throws a SyntaxError or a RangeError, or an error of SQLite's. */
export function createPostings(database: Database, table: PostingTable) {
  const containing = database.prepare<[string], Page>(
    `SELECT page, first, numbers FROM ${table} WHERE first <= ? ORDER BY first DESC LIMIT 1`,
  );
  const after = database.prepare<[number], Page>(
    `SELECT page, first, numbers FROM ${table} WHERE page > ? ORDER BY page LIMIT 1`,
  );
  const keysAt = database.prepare<[number], string>(`SELECT keys FROM ${table} WHERE page = ?`).pluck();

  /** JSON, because a key may hold any character; this program wrote it. */
  function keysOf({ page }: Page): readonly string[] {
    return JSON.parse(keysAt.get(page) ?? "[]") as readonly string[];
  }

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

  /**
   * The numbers of every key that begins so, at the beginning of an array that the next list overwrites: nothing is made for
   * each. Keys are read only of the pages where what begins so itself begins, or ends.
   */
  function eachBeginning(prefix: string, use: UseNumbers): void {
    const list = new ScratchList();
    let isWithin = false;
    for (let page = containing.get(prefix) ?? after.get(0); page !== undefined; ) {
      const next = after.get(page.page);
      const isAll = isWithin && next?.first.startsWith(prefix) === true;
      const lists = new ListReader(page.numbers);
      // The array may be another one once a list has been read into it.
      const useNext = () => {
        const count = lists.into(list);
        use(list.numbers, count);
      };
      if (isAll) while (!lists.isAtEnd) useNext();
      else if (useKeys(page, prefix, { useNext, skip: () => lists.skip() })) return;
      isWithin = next?.first.startsWith(prefix) === true;
      page = next;
    }
  }

  /** True if what comes after this page does not begin so. */
  function useKeys(page: Page, prefix: string, { useNext, skip }: Lists): boolean {
    const keys = keysOf(page);
    for (const key of keys) {
      if (key.startsWith(prefix)) useNext();
      else skip();
    }
    return isPast(keys, prefix);
  }

  /** Every key with its numbers, as eachBeginning() gives them. */
  function each(use: (key: string, numbers: Uint32Array, count: number) => void): void {
    const list = new ScratchList();
    for (const page of pagesFrom("")) {
      const lists = new ListReader(page.numbers);
      for (const key of keysOf(page)) {
        const count = lists.into(list);
        use(key, list.numbers, count);
      }
    }
  }

  return { exact, beginning, eachBeginning, each };
}

/** Given a list: an array, and how many numbers at its beginning are those of the list. */
type UseNumbers = (numbers: Uint32Array, count: number) => void;

/** The lists of a page, one after the other. */
interface Lists {
  readonly useNext: () => void;
  readonly skip: () => void;
}

export type Postings = ReturnType<typeof createPostings>;

/** True if what comes after these keys does not begin so. */
function isPast(keys: readonly string[], prefix: string): boolean {
  const last = keys.at(-1) ?? "";
  return !last.startsWith(prefix) && compareKeys(last, prefix) > 0;
}

/** Orders keys by their UTF-8: code units agree with that but for surrogates, which stand for what comes after all others. */
export function compareKeys(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === end) return a.length - b.length;
  const [unitA, unitB] = [a.charCodeAt(at), b.charCodeAt(at)];
  if (unitA < FIRST_SURROGATE || unitB < FIRST_SURROGATE) return unitA - unitB;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The first code unit that is half of a character. */
export const FIRST_SURROGATE = 0xd800;
