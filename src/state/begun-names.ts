import { openSqlite } from "./open-sqlite.ts";
import { foldName, INDEX_SCHEMA_VERSION, NAME_KINDS } from "./package-index-schema.ts";
import { openPicture } from "./picture.ts";

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
    const folded = foldName(begin);
    return database
      .prepare<[string, string, number, number], string>(
        "SELECT DISTINCT folded FROM names WHERE folded >= ? AND folded < ? AND kind <> ? ORDER BY folded LIMIT ?",
      )
      .pluck()
      .all(folded, folded + LAST_CHARACTER, NAME_KINDS.recipe, limit);
  } finally {
    database.close();
  }
}

/** The versions of a package in the index at `path`, the most popular first. @throws {PkgError} as namesInIndex() */
export function versionsInIndex(path: string, name: string, limit: number): readonly string[] {
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    if (database.pragma("user_version", { simple: true }) !== INDEX_SCHEMA_VERSION) return [];
    return database
      .prepare<[string, number, number], string>(
        `SELECT DISTINCT json_extract(json, '$.version') FROM names JOIN ranking USING (position)
         JOIN packages ON packages.id = ranking.package WHERE names.folded = ? AND kind = ? ORDER BY position LIMIT ?`,
      )
      .pluck()
      .all(foldName(name), NAME_KINDS.name, limit);
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
