import type { PackageOwner, RepositoryOwner } from "./repository-owner.ts";

/** A repository so that a person can tell it from another of its name: `me (ghcr.io/me/index, key RWQ4A6B7…)`. */
export function describeOwner(owner: PackageOwner): string {
  const facts = [...ownerFacts(owner), ...(owner.isOrphan ? ["removed"] : [])];
  return facts.length === 0 ? owner.name : `${owner.name} (${facts.join(", ")})`;
}

/** Where a repository is, and by which keys it is signed. */
export function ownerFacts({ url, keySet }: RepositoryOwner): readonly string[] {
  const keys = (keySet?.keys ?? []).map((key) => `${key.slice(0, SHOWN_CHARACTERS)}…`);
  return [
    ...(url === null ? [] : [url]),
    ...(keySet === null ? [] : [`${keys.length === 1 ? "key" : "keys"} ${keys.join(", ")}`]),
  ];
}

const SHOWN_CHARACTERS = 16;
