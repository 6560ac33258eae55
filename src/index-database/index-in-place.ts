import { existsSync } from "node:fs";
import { sha256Latin1 } from "../base/hashes.ts";
import type { DocumentForm } from "../index/formats/entry-format.ts";
import type { KnownElement, KnownElements } from "../index/known-elements.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { placeKey } from "../package/place-key.ts";
import { type Database, openSqlite } from "../state/open-sqlite.ts";
import { ElementRecords, placeHash } from "./element-records.ts";
import { createBlocks, type EntryBlocks, parseEntryLine } from "./entry-blocks.ts";
import { HashChains } from "./hash-chains.ts";
import { INDEX_SCHEMA_VERSION } from "./package-index-schema.ts";
import { createPostings, type Postings } from "./posting-pages.ts";
import { createRanking, type EntryColumns } from "./ranking-pages.ts";

/** How documents of a form are read now; see WrittenMeta.readAs. */
export type Reading = (form: DocumentForm) => string;

/** The index in place, of which a new one takes what is the same. */
export interface IndexInPlace extends KnownElements {
  readonly records: ElementRecords;
  readonly hosts: readonly string[];
  /** Every entry, by its position. */
  readonly ranked: EntryColumns;
  /** How many of them, the first ones, are the newest version of a package. */
  readonly newest: number;
  readonly blocks: EntryBlocks;
  readonly names: Postings;
  readonly words: Postings;
  readonly elsewhere: Postings;
  entry(position: number): PackageEntry;
  close(): void;
}

/**
 * Opens the index at `path` to take from it; null if there is none, or one that was read otherwise.
 *
 * @throws errors of SQLite's for a damaged one
 */
export function openInPlace(path: string, reading: Reading): IndexInPlace | null {
  if (!existsSync(path)) return null;
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    const version = database.pragma("user_version", { simple: true });
    const opened = version === INDEX_SCHEMA_VERSION ? inPlace(database, reading) : null;
    if (opened === null) database.close();
    return opened;
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Elements {
  readonly hosts: string;
  readonly records: Buffer;
  readonly readAs: string | null;
  readonly newest: number;
}

const FORMS: readonly DocumentForm[] = ["list", "object", "v1"];

function inPlace(database: Database, reading: Reading): IndexInPlace | null {
  const found = database
    .prepare<[], Elements>(
      "SELECT hosts, records, json_extract(json, '$.readAs') AS readAs, count AS newest FROM elements, meta, newest",
    )
    .get();
  if (found === undefined || !FORMS.some((form) => reading(form) === found.readAs)) return null;
  const records = new ElementRecords(found.records);
  const blocks = createBlocks(database);
  const ranked = createRanking(database).columns();
  const entry = (position: number): PackageEntry => {
    const [block, line] = [ranked.blocks[position], ranked.lines[position]];
    if (block === undefined || line === undefined) throw new RangeError("an entry is not in the ranking");
    return parseEntryLine(blocks.line({ block, line }));
  };
  return {
    ...{ records, blocks, ranked, entry, newest: found.newest, hosts: JSON.parse(found.hosts) as readonly string[] },
    ...createKnown(records, { entry, isForm: (form) => reading(form) === found.readAs }),
    names: createPostings(database, "names"),
    words: createPostings(database, "words"),
    elsewhere: createPostings(database, "elsewhere"),
    close: () => database.close(),
  };
}

const [FREE, USED, BLOCKED] = [0, 1, 2];

interface Knowing {
  readonly entry: (position: number) => PackageEntry;
  readonly isForm: (form: DocumentForm) => boolean;
}

function createKnown(records: ElementRecords, { entry, isForm }: Knowing): KnownElements {
  const states = new Uint8Array(records.count);
  let byDigest: HashChains | undefined;
  let byPlace: HashChains | undefined;
  let isUsable = false;
  /** The element that is expected next. */
  let expected = 0;

  function take(index: number): KnownElement {
    states[index] = USED;
    expected = index + 1;
    const { isHere, format } = records.at(index);
    return { index, length: records.length(index), isHere, format };
  }

  function isNext(chunk: Buffer, at: number, index: number): boolean {
    if (index >= records.count || states[index] !== FREE) return false;
    const length = records.length(index);
    if (length === 0 || at + length > chunk.length) return false;
    return records.hasDigest(index, sha256Latin1(chunk.subarray(at, at + length)));
  }

  /** The entries with this key, of those that may have it. */
  function* having(key: string): Generator<number> {
    byPlace ??= new HashChains(records.count, (index) => records.place(index));
    const hash = placeHash(key);
    for (const index of byPlace.find(hash)) {
      const record = records.at(index);
      if (records.place(index) !== hash || !record.isHere) continue;
      if (placeKey(entry(record.number), "") === key) yield index;
    }
  }

  return {
    begin: (form) => {
      isUsable = isForm(form);
    },
    next: (chunk, at) => {
      if (!isUsable) return null;
      // After an element that is new, what comes next followed the one that was in its place.
      if (isNext(chunk, at, expected)) return take(expected);
      return isNext(chunk, at, expected + 1) ? take(expected + 1) : null;
    },
    find: ({ digest, length }) => {
      if (!isUsable) return null;
      byDigest ??= new HashChains(records.count, (index) => records.digestHash(index));
      const hash = Buffer.from(digest, "latin1").readUInt32LE(0);
      for (const index of byDigest.find(hash)) {
        if (states[index] === FREE && records.length(index) === length && records.hasDigest(index, digest))
          return take(index);
      }
      return null;
    },
    holds: (key) => isUsable && [...having(key)].some((index) => states[index] === USED),
    block: (key) => {
      if (!isUsable) return;
      for (const index of having(key)) if (states[index] === FREE) states[index] = BLOCKED;
    },
  };
}
