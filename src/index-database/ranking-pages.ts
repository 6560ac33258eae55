import type { Database } from "../state/open-sqlite.ts";
import type { EntryPlace } from "./entry-blocks.ts";

/**
 * Entries in the order of their popularity; the newest versions of all packages come before all older versions. A row holds
 * RANKING_PAGE of them: a line for each with its name as foldText() makes it, the same without separators, and its other names. What is
 * needed of one entry is in a table of its own, so that nothing else is read on the way to it.
 */
export const RANKING_TABLE = `CREATE TABLE ranking (
  page INTEGER PRIMARY KEY, names TEXT NOT NULL, squashed TEXT NOT NULL, others TEXT NOT NULL
);
CREATE TABLE facts (page INTEGER PRIMARY KEY, facts BLOB NOT NULL);`;

/** Of names of usual length, so many fill SQLite's pages. */
export const RANKING_PAGE = 384;

/** Entries in columns: an object for each would be most of what is made between one index and the next. */
export interface EntryColumns {
  /** Folded; one line each. */
  readonly names: string[];
  /** Other names it is found by, folded, with NAME_END after each. */
  readonly others: string[];
  /** NONE where there is none, as for downloads. */
  readonly ranks: Float64Array;
  readonly downloads: Float64Array;
  /** Where the rest of it is: an EntryPlace. */
  readonly blocks: Uint32Array;
  readonly lines: Uint32Array;
}

/** Columns for so many entries. */
export function createColumns(count: number): EntryColumns {
  return {
    ...{ names: new Array<string>(count).fill(""), others: new Array<string>(count).fill("") },
    ...{ ranks: new Float64Array(count), downloads: new Float64Array(count) },
    ...{ blocks: new Uint32Array(count), lines: new Uint32Array(count) },
  };
}

/** No name that a person types has it. */
export const NAME_END = "\0";

/** Columns of as many numbers as the page has entries: ranks and downloads (doubles), blocks and lines (32 bits). */
const FACTS_BYTES = 8 + 8 + 4 + 4;
/** In place of a rank or downloads: counts are at least 0. */
export const NONE = -1;

/** A name is one line, whatever it holds. */
export function oneLine(name: string): string {
  return BREAKS.test(name) ? name.replaceAll(EVERY_BREAK, " ") : name;
}

const BREAKS = /[\n\0]/;
const EVERY_BREAK = /[\n\0]/g;

/** Fills the table with entries in an order. */
export function writeRanking(database: Database, columns: EntryColumns, order: Uint32Array): void {
  const insert = database.prepare<[number, string, string, string]>("INSERT INTO ranking VALUES (?, ?, ?, ?)");
  const insertFacts = database.prepare<[number, Buffer]>("INSERT INTO facts VALUES (?, ?)");
  for (let page = 0; page * RANKING_PAGE < order.length; page++) {
    const indexes = [...order.subarray(page * RANKING_PAGE, (page + 1) * RANKING_PAGE)];
    const names = indexes.map((index) => columns.names[index] ?? "").join("\n");
    const others = indexes.map((index) => columns.others[index] ?? "").join("\n");
    insert.run(page, names, squashLines(names), others);
    insertFacts.run(page, factsOf(columns, indexes));
  }
}

/** As squash(), but lines stay lines. */
function squashLines(names: string): string {
  return names.replace(SEPARATORS_IN_LINES, "");
}

const SEPARATORS_IN_LINES = /(?:[-_.]|(?!\n)\s)+/g;

function factsOf({ ranks, downloads, blocks, lines }: EntryColumns, indexes: readonly number[]): Buffer {
  const count = indexes.length;
  const facts = new ArrayBuffer(count * FACTS_BYTES);
  const counts = new Float64Array(facts, 0, count * 2);
  const places = new Uint32Array(facts, count * 16, count * 2);
  indexes.forEach((index, at) => {
    counts[at] = ranks[index] ?? NONE;
    counts[count + at] = downloads[index] ?? NONE;
    places[at] = blocks[index] ?? 0;
    places[count + at] = lines[index] ?? 0;
  });
  return Buffer.from(facts);
}

/** The texts of a row. */
export interface NamesPage {
  readonly page: number;
  readonly names: string;
  readonly squashed: string;
  readonly others: string;
}

/** What is sought in each of the texts; null: nothing. */
export interface NamesParts {
  readonly names: string | null;
  readonly squashed: string | null;
  readonly others: string | null;
}

/** Reads the table. */
export function createRanking(database: Database) {
  const factsAt = database.prepare<[number], Buffer>("SELECT facts FROM facts WHERE page = ?").pluck();
  // SQLite looks for a part in less time than a string is made of a text.
  const textsWith = (texts: readonly string[]) =>
    database.prepare<[NamesParts & { readonly count: number }], NamesPage>(
      `SELECT page, iif(instr(names, :names), names, '') AS names, iif(instr(squashed, :squashed), squashed, '') AS squashed,
        iif(instr(others, :others), others, '') AS others FROM ranking
      WHERE page < :count AND (${texts.map((text) => `instr(${text}, :${text})`).join(" OR ")}) ORDER BY page`,
    );
  const namesOfAll = database.prepare<[], string>("SELECT names FROM ranking ORDER BY page").pluck();
  const total = database.prepare<[], number>("SELECT sum(length(facts)) FROM facts").pluck();
  const wholeAt = database.prepare<[number], WholePage>(
    "SELECT page, names, squashed, others, facts FROM ranking JOIN facts USING (page) WHERE page = ?",
  );

  /** Entries that are asked for one after the other are often neighbours. */
  let last: { readonly page: number; readonly facts: Buffer | undefined } = { page: -1, facts: undefined };

  /** Where the entry at a position is. @throws {RangeError} when there is none */
  function place(position: number): EntryPlace {
    const page = Math.floor(position / RANKING_PAGE);
    if (page !== last.page) last = { page, facts: factsAt.get(page) };
    if (last.facts === undefined) throw new RangeError("a page of the ranking is missing");
    return placeIn(last.facts, position % RANKING_PAGE);
  }

  /** The names of every entry, as foldText() makes them. */
  function names(): readonly string[] {
    return namesOfAll.all().flatMap((lines) => lines.split("\n"));
  }

  /**
   * The first `count` rows of which a text has the part that is sought in it, in order; the other texts are empty.
   *
   * @param parts of which `squashed`, if there is one, is what squash() makes of `names`
   */
  function pagesWith(parts: NamesParts, count: number): IterableIterator<NamesPage> {
    const { names, squashed, others } = parts;
    // What is in a name is in it without separators, too.
    const wanted = squashed === null ? ["names", "others"] : ["squashed", "others"];
    return textsWith(wanted).iterate({ names, squashed, others, count });
  }

  /** Every entry in order. */
  function columns(): EntryColumns {
    const found = createColumns(Math.floor((total.get() ?? 0) / FACTS_BYTES));
    let first = 0;
    for (let page = wholeAt.get(0); page !== undefined; page = wholeAt.get(page.page + 1)) {
      first = fill(found, first, page);
    }
    if (first !== found.names.length) throw new RangeError("a page of the ranking is missing");
    return found;
  }

  return { place, names, pagesWith, columns };
}

export type Ranking = ReturnType<typeof createRanking>;

interface WholePage extends NamesPage {
  readonly facts: Buffer;
}

/** Copies a page to columns from `first`; returns where the next one goes. */
function fill(columns: EntryColumns, first: number, page: WholePage): number {
  const [names, others] = [page.names.split("\n"), page.others.split("\n")];
  const { counts, places, count } = columnsOf(page.facts);
  if (names.length !== count || others.length !== count || first + count > columns.names.length) {
    throw new RangeError("a page of the ranking has other names than facts");
  }
  for (let index = 0; index < count; index++) {
    columns.names[first + index] = names[index] ?? "";
    columns.others[first + index] = others[index] ?? "";
  }
  columns.ranks.set(counts.subarray(0, count), first);
  columns.downloads.set(counts.subarray(count), first);
  columns.blocks.set(places.subarray(0, count), first);
  columns.lines.set(places.subarray(count), first);
  return first + count;
}

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
