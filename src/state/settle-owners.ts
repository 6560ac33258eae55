import type { ConfiguredOwner } from "../package/repository-owner.ts";
import type { Database } from "./database.ts";

interface InUse {
  readonly name: string;
  readonly url: string | null;
}

/** Where the index of a repository that is in place was fetched from; null: it is not known. */
export type IndexedAt = (repository: string) => string | null;

/**
 * Gets to know the repositories of the config that are new in it: one that was only renamed there keeps what is known
 * of it. Packages that an older program installed are bound to the repository of their name, at the address that its index
 * came from; if the config has none, they are orphans.
 */
export function settleOwners(database: Database, configured: readonly ConfiguredOwner[], indexedAt: IndexedAt): void {
  if (isSettled(database, configured)) return;
  database.transaction(() => {
    const installed = unbound(database);
    for (const { name, url } of newOnes(database, configured)) {
      // The address in the config may have been changed before this program first ran.
      const address = installed.includes(name) ? indexedAt(name) : null;
      meet(database, { name, url: address ?? url }, configured);
    }
    for (const name of unbound(database)) bind(database, name);
    renamed(database);
  });
}

function isSettled(database: Database, configured: readonly ConfiguredOwner[]): boolean {
  return newOnes(database, configured).length === 0 && unbound(database).length === 0 && !isRenamed(database);
}

const RENAMED =
  "FROM installations JOIN repository_owners ON id = owner WHERE removed_at IS NULL AND repository IS NOT repository_owners.name";

/** Another profile, which shares what is known of repositories, was told of a new name for one. */
function isRenamed(database: Database): boolean {
  return database.get(`SELECT 1 ${RENAMED} LIMIT 1`) !== undefined;
}

function renamed(database: Database): void {
  const rows = database.all<{ package: string; repository: string }>(
    `SELECT installations.name AS package, repository_owners.name AS repository ${RENAMED}`,
  );
  for (const row of rows) {
    database.run("UPDATE installations SET repository = ? WHERE name = ?", row.repository, row.package);
  }
}

function newOnes(database: Database, configured: readonly ConfiguredOwner[]): readonly ConfiguredOwner[] {
  const known = new Set(inUse(database).map(({ name }) => name));
  return configured.filter(({ name }) => !known.has(name));
}

function inUse(database: Database): readonly InUse[] {
  return database.all<InUse>("SELECT name, url FROM repository_owners WHERE removed_at IS NULL");
}

/** The names of repositories whose packages have no owner yet. */
function unbound(database: Database): readonly string[] {
  return database
    .all<{ repository: string }>(
      "SELECT DISTINCT repository FROM installations WHERE repository IS NOT NULL AND owner IS NULL",
    )
    .map(({ repository }) => repository);
}

function meet(
  database: Database,
  { name, url }: Pick<ConfiguredOwner, "name" | "url">,
  configured: readonly ConfiguredOwner[],
): void {
  const names = new Set(configured.map((item) => item.name));
  const renamed = inUse(database).find((item) => item.url === url && !names.has(item.name));
  if (renamed === undefined) insert(database, { name, url, removedAt: null });
  else rename(database, renamed.name, name);
}

function rename(database: Database, from: string, name: string): void {
  database.run("UPDATE repository_owners SET name = ? WHERE name = ? AND removed_at IS NULL", name, from);
  database.run("UPDATE OR IGNORE repository_trust SET name = ? WHERE name = ?", name, from);
  database.run(
    `UPDATE installations SET repository = ?
     WHERE owner = (SELECT id FROM repository_owners WHERE name = ? AND removed_at IS NULL)`,
    name,
    name,
  );
}

function insert(database: Database, { name, url, removedAt }: InUse & { readonly removedAt: string | null }): void {
  database.run(
    `INSERT INTO repository_owners (name, url, removed_at, identity, key_set)
     VALUES (?, ?, ?, (SELECT repository FROM repository_trust WHERE name = ?), (SELECT key_set FROM repository_trust WHERE name = ?))`,
    ...[name, url, removedAt, name, name],
  );
}

function bind(database: Database, name: string): void {
  const find = "SELECT id FROM repository_owners WHERE name = ? AND removed_at IS NULL";
  if (database.get(find, name) === undefined) insert(database, { name, url: null, removedAt: LONG_AGO });
  database.run(
    `UPDATE installations SET owner = (SELECT max(id) FROM repository_owners WHERE name = ?)
     WHERE repository = ? AND owner IS NULL`,
    ...[name, name],
  );
}

/** When a repository was removed that an older program has removed: it did not record that. */
const LONG_AGO = new Date(0).toISOString();
