import { KeyTable } from "./key-table.ts";
import { compareKeys, type createPageWriter, type Postings } from "./posting-pages.ts";

type PageWriter = ReturnType<typeof createPageWriter>;

/** In place of the new number of a record that is gone. */
export const GONE = 0xffff_ffff;

const FIRST_CAPACITY = 1024;

/** What is kept of the table in use: its lists in order, and the new number of each old one, or GONE. */
export interface KeptPostings {
  readonly each: Postings["each"];
  readonly renumber: (number: number) => number;
}

/** Records and their keys, as one builder gives them to another. */
export interface CollectedPostings {
  /** Those that are new, numbered on from the last one before. */
  readonly keys: readonly string[];
  /** For each pair, the number of its key times four, and its kind. */
  readonly pairs: Uint32Array;
  /** Where the pairs of each record end. */
  readonly ends: Uint32Array;
}

/**
 * Collects keys record by record, and writes each with the numbers of the records that have it. A record may have a key in
 * several kinds; of a number, the lowest two bits say which (`numberOf`).
 */
export function createPostingBuilder() {
  const table = new KeyTable();
  /** For each pair, the index of its key and its kind; the pairs of a record follow each other. */
  let pairs = new Uint32Array(FIRST_CAPACITY);
  let starts = new Uint32Array(FIRST_CAPACITY);
  let pairCount = 0;
  let recordCount = 0;
  let keysTaken = 0;

  function pair(index: number, kind = 0): void {
    if (pairCount === pairs.length) pairs = doubled(pairs);
    pairs[pairCount++] = index * 4 + kind;
  }

  function next(): void {
    if (++recordCount === starts.length) starts = doubled(starts);
    starts[recordCount] = pairCount;
  }

  return {
    /** Adds to the record that `next` will end. */
    add: (key: string, kind = 0): void => pair(table.number(key), kind),
    /** The same for each word of a text: a run of `a` to `z` and `0` to `9`. */
    addWords: (text: string): void => table.eachWord(text, pair),
    /** Ends a record. */
    next,
    /** For each record, how many have the same first key. */
    alike(): Uint32Array {
      const counts = new Uint32Array(table.keys.length);
      const firsts = new Uint32Array(recordCount);
      for (let record = 0; record < recordCount; record++) {
        const key = (pairs[starts[record] ?? 0] ?? 0) >>> 2;
        firsts[record] = key;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return firsts.map((key) => counts[key] ?? 0);
    },
    /** Takes out what was added since the last call; keys that were taken before keep their numbers. */
    take(): CollectedPostings {
      const taken = {
        keys: table.keys.slice(keysTaken),
        pairs: pairs.slice(0, pairCount),
        ends: starts.slice(1, recordCount + 1),
      };
      keysTaken = table.keys.length;
      pairCount = 0;
      recordCount = 0;
      return taken;
    },
    /** Gives what adds records that one other builder collected, in the order in which they were taken there. */
    joiner(): (collected: CollectedPostings) => void {
      const numbers: number[] = [];
      return ({ keys, pairs: theirs, ends }) => {
        for (const key of keys) numbers.push(table.number(key));
        let at = 0;
        for (const end of ends) {
          for (; at < end; at++) pair(numbers[(theirs[at] ?? 0) >>> 2] ?? 0, (theirs[at] ?? 0) & 3);
          next();
        }
      };
    },
    /** Writes all lists, with those of `kept`. */
    write(pages: PageWriter, { order, numbers, kept }: Numbering): void {
      const keys = table.keys.toSorted(table.mayHaveSurrogates ? compareKeys : undefined);
      const ranks = new Uint32Array(keys.length);
      keys.forEach((key, rank) => {
        ranks[table.number(key)] = rank;
      });
      const lists = collect({ ranks, pairs, starts, order, numbers, pairCount });
      merge(pages, { keys, ...lists }, kept);
    },
  };
}

export type PostingBuilder = ReturnType<typeof createPostingBuilder>;

/** The numbers of records. */
export interface Numbering {
  /** The records in the order of their numbers. */
  readonly order: Uint32Array;
  /** By record: its number in kind 0; those of other kinds follow. */
  readonly numbers: Uint32Array;
  readonly kept: KeptPostings | null;
}

interface Collecting extends Omit<Numbering, "kept"> {
  readonly ranks: Uint32Array;
  readonly pairs: Uint32Array;
  readonly starts: Uint32Array;
  readonly pairCount: number;
}

interface Lists {
  /** Where the list of each key begins, and where it may end at most. */
  readonly from: Uint32Array;
  /** Where it ends. */
  readonly to: Uint32Array;
  readonly numbers: Uint32Array;
}

/** A counting sort: the records come in the order of their numbers, so each list is in order. */
function collect({ ranks, pairs, starts, order, numbers: numberOf, pairCount }: Collecting): Lists {
  const from = new Uint32Array(ranks.length + 1);
  for (let at = 0; at < pairCount; at++) {
    const after = (ranks[(pairs[at] ?? 0) >>> 2] ?? 0) + 1;
    from[after] = (from[after] ?? 0) + 1;
  }
  for (let rank = 1; rank < from.length; rank++) from[rank] = (from[rank] ?? 0) + (from[rank - 1] ?? 0);
  const to = from.slice(0, ranks.length);
  const numbers = new Uint32Array(pairCount);
  for (let index = 0; index < order.length; index++) {
    const record = order[index] ?? 0;
    const first = numberOf[record] ?? 0;
    const end = starts[record + 1] ?? 0;
    for (let at = starts[record] ?? 0; at < end; at++) {
      const pair = pairs[at] ?? 0;
      const rank = ranks[pair >>> 2] ?? 0;
      const number = first + (pair & 3);
      const place = to[rank] ?? 0;
      // A record that has a key twice.
      if (place > (from[rank] ?? 0) && numbers[place - 1] === number) continue;
      numbers[place] = number;
      to[rank] = place + 1;
    }
  }
  return { from, to, numbers };
}

function merge(
  pages: PageWriter,
  { keys, from, to, numbers }: Lists & { readonly keys: readonly string[] },
  kept: KeptPostings | null,
): void {
  let rank = 0;
  const own = () => pages.add(keys[rank] ?? "", numbers, from[rank], to[rank]);
  const orderTo = (key: string) => (rank < keys.length ? compareKeys(keys[rank] ?? "", key) : 1);
  kept?.each((key, list, oldCount) => {
    let order = orderTo(key);
    for (; order < 0; order = orderTo(key)) {
      own();
      rank++;
    }
    const count = renumber(list, oldCount, kept.renumber);
    if (order !== 0) pages.add(key, list, 0, count);
    else {
      pages.add(key, union(list.subarray(0, count), numbers.subarray(from[rank], to[rank])));
      rank++;
    }
  });
  for (; rank < keys.length; rank++) own();
  pages.flush();
}

/** Gives the first `count` numbers of a list their new ones, in order; returns how many are left. */
function renumber(list: Uint32Array, count: number, newNumber: (number: number) => number): number {
  let left = 0;
  let isSorted = true;
  for (let at = 0; at < count; at++) {
    const number = newNumber(list[at] ?? 0);
    if (number === GONE) continue;
    if (left > 0 && number < (list[left - 1] ?? 0)) isSorted = false;
    list[left++] = number;
  }
  if (!isSorted) list.subarray(0, left).sort();
  return left;
}

/** Lists have no number in common: a record is either old or new. */
function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  let [atA, atB] = [0, 0];
  for (let at = 0; at < both.length; at++) {
    const [nextA, nextB] = [a[atA] ?? Number.POSITIVE_INFINITY, b[atB] ?? Number.POSITIVE_INFINITY];
    both[at] = nextA < nextB ? nextA : nextB;
    if (nextA < nextB) atA++;
    else atB++;
  }
  return both;
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
