import type { KeySet } from "./key-set.ts";

/** What is remembered about a repository, whatever the form of its index: whose its packages are. */
export interface RepositoryOwner {
  readonly id: number;
  /** Its name in the config, or the last one it had. */
  readonly name: string;
  /** Where its index is; null: not known, as an older program used it. */
  readonly url: string | null;
  /** What its index calls itself; null: the form of its index does not say. */
  readonly identity: string | null;
  /** The keys by which it is signed; version 0 for an older form of index. Null: it is not signed. */
  readonly keySet: KeySet | null;
  /** The newest time that enough signatures of an older form stated, ms since the epoch; null: none did. */
  readonly signedAtMs: number | null;
}

/** The owner of an installed package. */
export interface PackageOwner extends RepositoryOwner {
  /** True when its repository was removed, or is another one now: nothing updates the package any more. */
  readonly isOrphan: boolean;
}

/** A repository of the config, as far as it matters for whose its packages are. */
export interface ConfiguredOwner {
  readonly name: string;
  readonly url: string;
  /** Name and address are the program's own: another version of the program may have another address for it. */
  readonly isBuiltInAddress: boolean;
}

/** True for a package whose repository was removed; false for a direct reference. */
export function isOrphaned({ owner }: { readonly owner: PackageOwner | null }): boolean {
  return owner?.isOrphan === true;
}

/** True when a repository of the config is the one that is remembered under its name: unsigned, its address decides. */
export function isStill(
  { keySet, url }: Pick<RepositoryOwner, "keySet" | "url">,
  configured: ConfiguredOwner,
): boolean {
  return keySet !== null || url === null || url === configured.url || configured.isBuiltInAddress;
}
