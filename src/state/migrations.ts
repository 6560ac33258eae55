import { PkgError } from "../errors.ts";
import { MIGRATIONS } from "./migration-steps.ts";
import type { openSqlite } from "./open-sqlite.ts";

type Sqlite = ReturnType<typeof openSqlite>;

/** How many of MIGRATIONS there are, which are read only where one is to be done. */
export const NEWEST_VERSION = 13;

/**
 * Brings the tables up to date; true when something had to be done.
 *
 * @throws {PkgError} DATABASE_INVALID when a newer program made the database
 */
export function migrate(sqlite: Sqlite, path: string): boolean {
  if (readVersion(sqlite, path) === NEWEST_VERSION) return false;
  sqlite
    .transaction(() => {
      // Another process may have been faster, so the version is read again under the lock.
      for (const sql of MIGRATIONS.slice(readVersion(sqlite, path))) sqlite.exec(sql);
      sqlite.pragma(`user_version = ${NEWEST_VERSION}`);
    })
    .immediate();
  return true;
}

function readVersion(sqlite: Sqlite, path: string): number {
  const version = Number(sqlite.pragma("user_version", { simple: true }));
  if (version <= NEWEST_VERSION) return version;
  throw new PkgError(
    "DATABASE_INVALID",
    `Cannot open database "${path}": it has version ${version}, expected at most ${NEWEST_VERSION}`,
    { hint: "A newer pkg made it; update pkg itself" },
  );
}
