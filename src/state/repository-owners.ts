import { type KeySet, keySetText } from "../package/key-set.ts";
import { type ConfiguredOwner, isStill, type PackageOwner, type RepositoryOwner } from "../package/repository-owner.ts";
import type { Database } from "./database.ts";
import { type IndexedAt, settleOwners } from "./settle-owners.ts";

/** An index that was accepted. */
export interface AcceptedIndex extends ConfiguredOwner, Pick<RepositoryOwner, "identity" | "keySet" | "signedAtMs"> {
  /** Every key set that led to the one in force, each of them signed by the one before; empty for older forms. */
  readonly keySets: readonly KeySet[];
  /** True if nothing was pinned under this name: nothing but its keys shows that it is the repository it was. */
  readonly isFirst: boolean;
  /** The names that the config has. */
  readonly configured: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A repository that may be known under another name; the name counts most, then the address, then the identity. */
export interface SoughtOwner {
  readonly name: string;
  readonly isItsAddress: (url: string) => boolean;
  /** Null: its index does not say. */
  readonly identity: string | null;
}

/** Whose the packages of repositories are, so that none inherits what was installed from another of its name. */
export interface RepositoryOwners {
  /** The repository that has a name in the config; null: none that is known. */
  inUse(name: string): RepositoryOwner | null;
  /** A repository in use that is signed and is the one looked for; null: there is none. */
  signed(wanted: SoughtOwner): RepositoryOwner | null;
  /** Remembers whose index was accepted. A repository that was removed gets its packages back if it proves to be the same. */
  accept(index: AcceptedIndex): void;
  /** The packages installed from the repositories that had this name before, and are not its own. */
  orphans(name: string): readonly { readonly package: string; readonly owner: RepositoryOwner }[];
  /** Ends the use of a name; returns the names of the packages that are orphaned. */
  retire(name: string, now: number): readonly string[];
  /** Gets to know the repositories of the config, and whose the packages that an older program installed are. */
  settle(configured: readonly ConfiguredOwner[], indexedAt: IndexedAt): void;
}

/** A row of the table `repository_owners`. */
export interface OwnerRow {
  readonly id: number;
  readonly name: string;
  readonly url: string | null;
  readonly identity: string | null;
  readonly key_set: string | null;
  readonly signed_at: string | null;
  readonly removed_at: string | null;
}

/** Whether another profile has packages of an owner. */
export type IsElsewhere = (owner: number) => boolean;

/** Keeps them in the state database. */
export function createRepositoryOwners(database: Database, isElsewhere: IsElsewhere = () => false): RepositoryOwners {
  const inUse = (name: string) => findInUse(database, name);
  return {
    inUse,
    signed: (wanted) => findSigned(database, wanted),
    accept: (index) => database.transaction(() => accept({ database, isElsewhere }, index)),
    orphans: (name) =>
      database
        .all<OwnerRow & { readonly package: string }>(
          `SELECT repository_owners.*, installations.name AS package FROM installations
           JOIN repository_owners ON installations.owner = id
           WHERE repository_owners.name = ? AND removed_at IS NOT NULL ORDER BY package`,
          name,
        )
        .map((row) => ({ package: row.package, owner: decodeOwner(row) })),
    retire: (name, now) => database.transaction(() => retire({ database, isElsewhere }, name, now)),
    settle: (configured, indexedAt) => settleOwners(database, configured, indexedAt),
  };
}

function findSigned(database: Database, { name, isItsAddress, identity }: SoughtOwner): RepositoryOwner | null {
  const signed = database
    .all<OwnerRow>("SELECT * FROM repository_owners WHERE removed_at IS NULL AND key_set IS NOT NULL ORDER BY id")
    .map(decodeOwner);
  return (
    signed.find((owner) => owner.name === name) ??
    signed.find(({ url }) => url !== null && isItsAddress(url)) ??
    signed.find((owner) => identity !== null && owner.identity === identity) ??
    null
  );
}

function findInUse(database: Database, name: string): RepositoryOwner | null {
  const row = database.get<OwnerRow>("SELECT * FROM repository_owners WHERE name = ? AND removed_at IS NULL", name);
  return row === undefined ? null : decodeOwner(row);
}

interface Known {
  readonly database: Database;
  readonly isElsewhere: IsElsewhere;
}

function accept(known: Known, index: AcceptedIndex): void {
  const { database } = known;
  const current = findInUse(database, index.name);
  const former = current !== null && hasPackages(known, current.id) ? null : findFormer(known, index);
  if (former !== null) {
    retire(known, index.name, index.now);
    database.run("UPDATE installations SET repository = ? WHERE owner = ?", index.name, former.id);
    replaceOwner(database, former.id, index);
  } else if (current !== null && (continues(current, index) || !hasPackages(known, current.id))) {
    replaceOwner(database, current.id, index);
  } else {
    retire(known, index.name, index.now);
    database.insert("repository_owners", encodeOwner(index));
  }
}

/** True when the repository in use is the one it was. What is pinned, and the keys of older forms, have been judged before. */
function continues(current: RepositoryOwner, index: AcceptedIndex): boolean {
  if (current.keySet === null) return isStill(current, index);
  if (current.identity !== null) return !index.isFirst || isSameAgain(current, index);
  return index.identity === null || current.url === index.url;
}

/** A repository that was removed, or renamed in the config, and which this index proves to be. */
function findFormer(known: Known, index: AcceptedIndex): RepositoryOwner | null {
  const rows = known.database.all<OwnerRow>("SELECT * FROM repository_owners ORDER BY id DESC");
  const former = rows.filter(({ name, removed_at: removed }) => removed !== null || !index.configured.includes(name));
  const same = former.map(decodeOwner).filter((owner) => isSameAgain(owner, index));
  return same.find(({ id }) => hasPackages(known, id)) ?? null;
}

/** Its keys decide, or the keys that followed them; only where it had none, its address. */
function isSameAgain({ identity, keySet, url }: RepositoryOwner, index: AcceptedIndex): boolean {
  if (keySet === null) return url !== null && url === index.url;
  if (identity === null) return index.identity === null && index.keySet !== null && isSameSet(keySet, index.keySet);
  const same = index.keySets[keySet.version - 1];
  return identity === index.identity && same !== undefined && isSameSet(keySet, same);
}

function isSameSet(a: KeySet, b: KeySet): boolean {
  return keySetText("", a) === keySetText("", b);
}

function retire(known: Known, name: string, now: number): readonly string[] {
  const { database } = known;
  const current = findInUse(database, name);
  if (current === null) return [];
  const packages = packagesOf(database, current.id);
  if (!hasPackages(known, current.id)) database.run("DELETE FROM repository_owners WHERE id = ?", current.id);
  else {
    const removedAt = new Date(now).toISOString();
    database.run("UPDATE repository_owners SET removed_at = ? WHERE id = ?", removedAt, current.id);
  }
  return packages;
}

function hasPackages({ database, isElsewhere }: Known, owner: number): boolean {
  return packagesOf(database, owner).length > 0 || isElsewhere(owner);
}

function packagesOf(database: Database, owner: number): readonly string[] {
  const rows = database.all<{ name: string }>("SELECT name FROM installations WHERE owner = ? ORDER BY name", owner);
  return rows.map(({ name }) => name);
}

function replaceOwner(database: Database, id: number, index: AcceptedIndex): void {
  database.insert("repository_owners", { id, ...encodeOwner(index) }, "replace");
}

type WrittenOwner = Omit<RepositoryOwner, "id">;

function encodeOwner({ name, url, identity, keySet, signedAtMs }: WrittenOwner): Omit<OwnerRow, "id"> {
  return {
    ...{ name, url, identity },
    key_set: keySet === null ? null : JSON.stringify(keySet),
    signed_at: signedAtMs === null ? null : new Date(signedAtMs).toISOString(),
    removed_at: null,
  };
}

/** Only this room writes the table. */
export function decodeOwner(row: OwnerRow): RepositoryOwner {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    identity: row.identity,
    keySet: row.key_set === null ? null : (JSON.parse(row.key_set) as KeySet),
    signedAtMs: row.signed_at === null ? null : Date.parse(row.signed_at),
  };
}

/**
 * The owner of a package that is installed from a repository.
 *
 * @param configured the repositories of the config; null: every one that is in use counts as configured
 */
export function packageOwner(row: OwnerRow, configured: readonly ConfiguredOwner[] | null): PackageOwner {
  const owner = decodeOwner(row);
  const isConfigured =
    configured === null || configured.some((item) => item.name === owner.name && isStill(owner, item));
  return { ...owner, isOrphan: row.removed_at !== null || !isConfigured };
}
