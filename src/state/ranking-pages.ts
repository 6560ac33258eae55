import type { Database } from "better-sqlite3";
import type { EntryPlace } from "./entry-blocks.ts";

/**
 * Entries in the order of their popularity; the newest versions of all packages come before all older versions. A row holds
 * RANKING_PAGE of them: a line for each with its name as foldText() makes it, the same without separators, and its other names.
 */
export const RANKING_TABLE = `CREATE TABLE ranking (
  page INTEGER PRIMARY KEY, names TEXT NOT NULL, squashed TEXT NOT NULL, others TEXT NOT NULL, facts BLOB NOT NULL
);`;

export const RANKING_PAGE = 256;

/** What decides about the place of an entry, and where the rest of it is. */
export interface Ranked {
  /** Folded. */
  readonly name: string;
  /** Other names it is found by, folded, one after the other with NAME_END after each. */
  readonly others: string;
  readonly rank: number | null;
  readonly downloads: number | null;
  readonly place: EntryPlace;
}

/** No name that a person types has it. */
export const NAME_END = "\0";

/** Columns of as many numbers as the page has entries: ranks and downloads (doubles), blocks and lines (32 bits). */
const FACTS_BYTES = 8 + 8 + 4 + 4;
/** Counts are at least 0. */
const NONE = -1;

/** A name is one line, whatever it holds. */
export function oneLine(name: string): string {
  return BREAKS.test(name) ? name.replaceAll(EVERY_BREAK, " ") : name;
}

const BREAKS = /[\n\0]/;
const EVERY_BREAK = /[\n\0]/g;

/** Fills the table. */
export function createRankingWriter(database: Database) {
  const insert = database.prepare<[number, string, string, string, Buffer]>(
    "INSERT INTO ranking VALUES (?, ?, ?, ?, ?)",
  );
  let page = 0;
  let entries: Ranked[] = [];
  const flush = () => {
    if (entries.length === 0) return;
    const names = entries.map(({ name }) => name).join("\n");
    const others = entries.map((entry) => entry.others).join("\n");
    insert.run(page++, names, squashLines(names), others, factsOf(entries));
    entries = [];
  };
  return {
    add(entry: Ranked): void {
      if (entries.push(entry) === RANKING_PAGE) flush();
    },
    flush,
  };
}

/** As squash(), but lines stay lines. */
function squashLines(names: string): string {
  return names.replace(SEPARATORS_IN_LINES, "");
}

const SEPARATORS_IN_LINES = /(?:[-_.]|(?!\n)\s)+/g;

function factsOf(entries: readonly Ranked[]): Buffer {
  const count = entries.length;
  const facts = new ArrayBuffer(count * FACTS_BYTES);
  const counts = new Float64Array(facts, 0, count * 2);
  const places = new Uint32Array(facts, count * 16, count * 2);
  for (const [index, { rank, downloads, place }] of entries.entries()) {
    counts[index] = rank ?? NONE;
    counts[count + index] = downloads ?? NONE;
    places[index] = place.block;
    places[count + index] = place.line;
  }
  return Buffer.from(facts);
}

/** The texts of a row. */
export interface NamesPage {
  readonly page: number;
  readonly names: string;
  readonly squashed: string;
  readonly others: string;
}

/** Reads the table. */
export function createRanking(database: Database) {
  const factsAt = database.prepare<[number], Buffer>("SELECT facts FROM ranking WHERE page = ?").pluck();
  const textsAt = database.prepare<[number], NamesPage>(
    "SELECT page, names, squashed, others FROM ranking WHERE page = ?",
  );
  const wholeAt = database.prepare<[number], NamesPage & { readonly facts: Buffer }>(
    "SELECT page, names, squashed, others, facts FROM ranking WHERE page = ?",
  );

  /** Where the entry at a position is. @throws {RangeError} when there is none */
  function place(position: number): EntryPlace {
    const facts = factsAt.get(Math.floor(position / RANKING_PAGE));
    if (facts === undefined) throw new RangeError("a page of the ranking is missing");
    return placeIn(facts, position % RANKING_PAGE);
  }

  /** The rows in order. */
  function* pages(): Generator<NamesPage> {
    for (let page = textsAt.get(0); page !== undefined; page = textsAt.get(page.page + 1)) yield page;
  }

  /** Every entry in order. */
  function* entries(): Generator<Ranked> {
    for (let page = wholeAt.get(0); page !== undefined; page = wholeAt.get(page.page + 1)) {
      const { names, others, facts } = page;
      const otherNames = others.split("\n");
      const lines = names.split("\n");
      const { counts, places, count } = columnsOf(facts);
      if (lines.length !== count) throw new RangeError("a page of the ranking has other names than facts");
      for (let index = 0; index < lines.length; index++) {
        yield {
          ...{ name: lines[index] ?? "", others: otherNames[index] ?? "" },
          place: { block: places[index] ?? 0, line: places[count + index] ?? 0 },
          rank: countOf(counts[index]),
          downloads: countOf(counts[count + index]),
        };
      }
    }
  }

  return { place, pages, entries };
}

export type Ranking = ReturnType<typeof createRanking>;

function placeIn(facts: Buffer, index: number): EntryPlace {
  const { places, count } = columnsOf(facts);
  if (index >= count) throw new RangeError("a page of the ranking is too short");
  return { block: places[index] ?? 0, line: places[count + index] ?? 0 };
}

/** SQLite's driver gives each value memory of its own, which begins where numbers may. */
function columnsOf(facts: Buffer): {
  readonly counts: Float64Array;
  readonly places: Uint32Array;
  readonly count: number;
} {
  const count = Math.floor(facts.length / FACTS_BYTES);
  const { buffer, byteOffset } = facts.byteOffset % 8 === 0 ? facts : Buffer.from(Uint8Array.from(facts).buffer);
  const counts = new Float64Array(buffer, byteOffset, count * 2);
  return { counts, places: new Uint32Array(buffer, byteOffset + count * 16, count * 2), count };
}

function countOf(count: number | undefined): number | null {
  return count === undefined || count === NONE ? null : count;
}
