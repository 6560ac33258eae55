import { isDecompression } from "../base/foreign-words.ts";
import { hasCode, systemCode } from "../errors.ts";
import { sqliteError } from "../state/open-sqlite.ts";

/**
 * True for an error that means that an index is damaged: SQLite's, those of reading what is in its rows (lists that are cut
 * off, JSON, compressed blocks), or a table that is missing.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof SyntaxError) return true;
  const code = systemCode(error) ?? "";
  return code === "SQLITE_ERROR" || isDecompression(code) || hasCode(sqliteError(error, ""), "DATABASE_INVALID");
}
