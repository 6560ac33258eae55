import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "../package/key-set.ts";

/** Where an index came from, and what was found in it. */
export interface IndexMeta extends WrittenMeta {
  /** How many different packages it has. */
  readonly packages: number;
}

/** The part of it that is written down; the rest follows from the entries. */
export interface WrittenMeta {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Which of several files at the address it is; absent: there is only one. */
  readonly file?: string;
  /** When its content was first seen, in milliseconds since the epoch. */
  readonly syncedAtMs: number;
  /** One for each version, and each build of it. */
  readonly entries: number;
  readonly skipped: number;
  readonly format: string;
  /** Id of the key that signed the index; null when it was not signed. */
  readonly keyId: string | null;
  /** The config's rules by which it was checked: when these change, the index is fetched again. */
  readonly checkedBy: string;
  /** Null for the older forms, which say nothing about themselves. */
  readonly trust: IndexTrust | null;
}

/** What a signed index says about itself; verified. */
export interface IndexTrust {
  /** What it calls itself. */
  readonly repository: string;
  readonly serial: number;
  /** Of the unpacked document. */
  readonly digest: Digest;
  /** Milliseconds since the epoch. */
  readonly issuedMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
  /** The set in force: its keys sign the packages too. */
  readonly keySet: KeySet;
  /** Ids of the keys that signed it. */
  readonly signers: readonly string[];
}

/** To be changed whenever the tables below or IndexMeta change: an index of another version is then fetched again. */
export const INDEX_SCHEMA_VERSION = 7;

/** Kinds of name, in the order in which a name is looked up. */
export const NAME_KINDS = { name: 0, recipe: 1, alias: 2, provides: 3 } as const;

/**
 * `position` is an entry's place in the order of popularity, so that the first rows found are the best. The newest
 * versions of all packages come before all older versions: searches stop after the last of the newest. `folded` is a name
 * in lower case in `names`, and as foldText() makes it in `ranking`. `words` is an inverted index of names of all kinds, descriptions and tags, without their text; its words come from
 * `searchWords`, so that the tokenizer only splits at spaces. `elsewhere` has every name, of any kind, that some package
 * has on another platform.
 */
export const INDEX_TABLES = `
  CREATE TABLE meta (json TEXT NOT NULL);
  CREATE TABLE packages (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE newest (count INTEGER NOT NULL);
  CREATE TABLE ranking (position INTEGER PRIMARY KEY, package INTEGER NOT NULL, folded TEXT NOT NULL);
  CREATE TABLE names (
    folded TEXT NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (folded, kind, position)
  ) WITHOUT ROWID;
  CREATE TABLE elsewhere (folded TEXT NOT NULL, host TEXT NOT NULL, PRIMARY KEY (folded, host)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5 (
    text, content = '', detail = none, columnsize = 0, tokenize = 'ascii', prefix = '1 2 3 4'
  );
`;

/** Collected while entries arrive, before their order is known; in SQLite's temporary file. */
export const STAGING_TABLES = `
  CREATE TEMP TABLE staged (
    id INTEGER PRIMARY KEY, rank INTEGER, downloads INTEGER, folded TEXT NOT NULL, words TEXT NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0
  );
  CREATE TEMP TABLE staged_names (folded TEXT NOT NULL, kind INTEGER NOT NULL, package INTEGER NOT NULL);
`;

/** Makes the tables for searching from what was collected. */
export const BUILD_SEARCH_TABLES = `
  INSERT INTO ranking (package, folded)
    SELECT id, folded FROM staged
    ORDER BY superseded, rank IS NULL, rank, downloads IS NULL, downloads DESC, folded, id;
  INSERT INTO words (rowid, text)
    SELECT position, words FROM ranking JOIN staged ON staged.id = ranking.package
    WHERE NOT superseded ORDER BY position;
  INSERT INTO newest (count) SELECT count(*) FROM staged WHERE NOT superseded;
  INSERT INTO words (words) VALUES ('optimize');
  CREATE TEMP TABLE positions (package INTEGER PRIMARY KEY, position INTEGER NOT NULL);
  INSERT INTO positions SELECT package, position FROM ranking ORDER BY package;
  INSERT OR IGNORE INTO names
    SELECT folded, kind, position FROM staged_names JOIN positions USING (package) ORDER BY folded, kind, position;
`;

/** The form in which names are looked up. */
export function foldName(name: string): string {
  return name.toLowerCase();
}
