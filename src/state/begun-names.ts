import { openSqlite } from "./open-sqlite.ts";
import { foldName, INDEX_SCHEMA_VERSION, NAME_KINDS, nameOf } from "./package-index-schema.ts";
import { openPicture } from "./picture.ts";
import { createPostings } from "./posting-pages.ts";

const LAST_CHARACTER = "\u{10ffff}";

/** Some names, and no more than `limit` of them, however many there are. */
export interface BegunNames {
  /** What the names begin with, in any case. */
  readonly begin: string;
  readonly limit: number;
}

/**
 * Names in the index at `path` that begin so, aliases and what packages provide among them, in lower case and in order. Only the
 * range of the names table that is wanted is read, and nothing is written.
 *
 * @throws {PkgError} DATABASE_INVALID, PERMISSION_DENIED, FILE_SYSTEM
 */
export function namesInIndex(path: string, { begin, limit }: BegunNames): readonly string[] {
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    if (database.pragma("user_version", { simple: true }) !== INDEX_SCHEMA_VERSION) return [];
    const found: string[] = [];
    for (const [name, numbers] of createPostings(database, "names").beginning(foldName(begin))) {
      if (found.length >= limit) break;
      if (numbers.some((number) => nameOf(number).kind !== NAME_KINDS.recipe)) found.push(name);
    }
    return found;
  } finally {
    database.close();
  }
}

/** Names of what is installed that begin so, in order. @throws {PkgError} those of openPicture() */
export function installedNames(path: string, { begin, limit }: BegunNames): readonly string[] {
  const picture = openPicture(path);
  try {
    return picture
      .all<{ name: string }>(
        "SELECT name FROM installations WHERE name >= ? AND name < ? ORDER BY name LIMIT ?",
        ...[begin, begin + LAST_CHARACTER, limit],
      )
      .map(({ name }) => name);
  } finally {
    picture.close();
  }
}
