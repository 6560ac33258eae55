import { openSqlite } from "../state/open-sqlite.ts";
import { createBlocks, parseEntryLine } from "./entry-blocks.ts";
import { foldName, INDEX_SCHEMA_VERSION, NAME_KINDS, nameOf } from "./package-index-schema.ts";
import { createPostings } from "./posting-pages.ts";
import { createRanking } from "./ranking-pages.ts";

/** The versions of a package in the index at `path`, the most popular first. @throws {PkgError} DATABASE_INVALID, PERMISSION_DENIED, FILE_SYSTEM */
export function versionsInIndex(path: string, name: string, limit: number): readonly string[] {
  const database = openSqlite(path, { readonly: true, fileMustExist: true });
  try {
    if (database.pragma("user_version", { simple: true }) !== INDEX_SCHEMA_VERSION) return [];
    const [ranking, blocks] = [createRanking(database), createBlocks(database)];
    const found = new Set<string>();
    for (const number of createPostings(database, "names").exact(foldName(name))) {
      const { position, kind } = nameOf(number);
      if (found.size >= limit) break;
      if (kind !== NAME_KINDS.name) continue;
      found.add(parseEntryLine(blocks.line(ranking.place(position))).version);
    }
    return [...found];
  } finally {
    database.close();
  }
}
