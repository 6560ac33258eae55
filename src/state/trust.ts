import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "../package/key-set.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import type { Database } from "./database.ts";
import { createFormulaFloors, type FormulaFloors } from "./formula-floors.ts";
import { createRepositoryOwners, type IsElsewhere, type RepositoryOwners } from "./repository-owners.ts";

/** What is remembered about each repository's index, so that it can neither be rolled back nor change hands. */
export interface TrustStore {
  /** Null when no index of the repository was ever accepted. */
  get(name: string): TrustRecord | null;
  list(): readonly TrustRecord[];
  /**
   * Remembers, durably, a record that was judged by comparing it with `basis`. A serial never goes down.
   *
   * @throws {PkgError} STATE_CHANGED when another process has changed the record since `basis` was read, or has seen a newer index
   */
  advance(record: TrustRecord, basis: TrustRecord | null): void;
  /** Whose the packages of each repository are, whatever the form of its index. */
  readonly owners: RepositoryOwners;
  /** What was seen of formulae, by address: it outlives the repositories that they belong to. */
  readonly floors: FormulaFloors;
  /** Forgets what is pinned for a repository; false when nothing was known about it. */
  forget(name: string): boolean;
}

interface TrustRow {
  readonly name: string;
  readonly url: string;
  readonly repository: string;
  readonly serial: number;
  readonly digest: Digest;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly key_set: string;
  readonly given_keys: string;
  readonly pinned_at: string;
}

/** Keeps trust records in the state database, as they must survive the removal of any cache. */
export function createTrustStore(database: Database, isElsewhere?: IsElsewhere): TrustStore {
  const get = (name: string): TrustRecord | null => {
    const row = database.get<TrustRow>("SELECT * FROM repository_trust WHERE name = ?", name);
    return row === undefined ? null : decode(row);
  };
  return {
    get,
    owners: createRepositoryOwners(database, isElsewhere),
    floors: createFormulaFloors(database),
    list: () => database.all<TrustRow>("SELECT * FROM repository_trust ORDER BY name").map(decode),
    advance: (record, basis) =>
      database.transaction(() => {
        checkBasis(record, get(record.name), basis);
        database.insert("repository_trust", encode(record), "replace");
      }),
    forget: (name) =>
      database.transaction(() => {
        const isKnown = get(name) !== null;
        database.run("DELETE FROM repository_trust WHERE name = ?", name);
        return isKnown;
      }),
  };
}

/** Another process may have synced the same repository since `basis` was read. */
function checkBasis(record: TrustRecord, current: TrustRecord | null, basis: TrustRecord | null): void {
  if (isSameGround(current, basis) && !isBehind(record, current)) return;
  if (current !== null && isSameIndex(record, current)) return;
  throw new PkgError("STATE_CHANGED", `Cannot sync "${record.name}": another process synced it in the meantime`, {
    hint: "Run the command again",
  });
}

/** True when it is the same repository's index, which the same keys may sign. */
function isSameGround(a: TrustRecord | null, b: TrustRecord | null): boolean {
  if (a === null || b === null) return a === b;
  return a.repository === b.repository && encodeKeySet(a.keySet) === encodeKeySet(b.keySet);
}

function isBehind(record: TrustRecord, current: TrustRecord | null): boolean {
  if (current === null) return false;
  return record.serial < current.serial || (record.serial === current.serial && record.digest !== current.digest);
}

function isSameIndex(a: TrustRecord, b: TrustRecord): boolean {
  return isSameGround(a, b) && a.serial === b.serial && a.digest === b.digest;
}

function encode(record: TrustRecord): TrustRow {
  return {
    name: record.name,
    url: record.url,
    repository: record.repository,
    serial: record.serial,
    digest: record.digest,
    issued_at: new Date(record.issuedMs).toISOString(),
    expires_at: new Date(record.expiresMs).toISOString(),
    key_set: encodeKeySet(record.keySet),
    given_keys: JSON.stringify(record.givenKeys),
    pinned_at: new Date(record.pinnedMs).toISOString(),
  };
}

function encodeKeySet({ version, threshold, keys }: KeySet): string {
  return JSON.stringify({ version, threshold, keys });
}

/** Only this file writes the table. */
function decode(row: TrustRow): TrustRecord {
  return {
    name: row.name,
    url: row.url,
    repository: row.repository,
    serial: row.serial,
    digest: row.digest,
    issuedMs: Date.parse(row.issued_at),
    expiresMs: Date.parse(row.expires_at),
    keySet: JSON.parse(row.key_set) as KeySet,
    givenKeys: JSON.parse(row.given_keys) as string[],
    pinnedMs: Date.parse(row.pinned_at),
  };
}
