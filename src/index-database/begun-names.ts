import type { BegunNames } from "../state/installed-names.ts";
import { openSqlite } from "../state/open-sqlite.ts";
import { foldName, INDEX_SCHEMA_VERSION, NAME_KINDS, nameOf } from "./package-index-schema.ts";
import { createPostings } from "./posting-pages.ts";

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
