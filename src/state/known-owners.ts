import type { ConfiguredOwner, PackageOwner } from "../package/repository-owner.ts";
import type { Database } from "./database.ts";
import type { InstallationRow } from "./installation-rows.ts";
import { type OwnerRow, packageOwner } from "./repository-owners.ts";

/** Owners by id. */
export type Owners = ReadonlyMap<number, PackageOwner>;

/** Whose packages are, as far as it is known. */
export function ownersOf(database: Database, configured: readonly ConfiguredOwner[] | null) {
  const rows = () => database.all<OwnerRow>("SELECT * FROM repository_owners");
  return {
    all: (): Owners => new Map(rows().map((row) => [row.id, packageOwner(row, configured)])),
    inUse: (name: string): PackageOwner | null => {
      const row = rows().find((item) => item.name === name && item.removed_at === null);
      return row === undefined ? null : packageOwner(row, configured);
    },
  };
}

/** An owner that is not known any more, as its repository was removed while the package was being placed, is gone too. */
export function ownerIn(
  owners: Owners,
  { owner, repository }: Pick<InstallationRow, "owner" | "repository">,
): PackageOwner | null {
  if (owner === null) return null;
  const gone = { url: null, identity: null, keySet: null, signedAtMs: null, isOrphan: true };
  return owners.get(owner) ?? { id: owner, name: repository ?? "", ...gone };
}
