import { PkgError } from "../errors.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import { parseNamedSpec } from "../package/spec.ts";
import type { Lookup } from "../resolve/lookup.ts";
import type { Installations } from "../state/installations.ts";
import { entryState } from "./entry-state.ts";
import { knownPackages } from "./known-packages.ts";
import type { DependencyTree, NeededPackage } from "./needed-package.ts";

interface ListedContext {
  readonly lookup: Lookup;
  readonly installations: Pick<Installations, "get">;
}

/**
 * What a package that cannot be installed would need, as its index lists it, with what is wrong with each part.
 *
 * @returns null when no index lists it
 * @throws {PkgError} as parseNamedSpec
 */
export function listedTree(context: ListedContext, text: string): DependencyTree | null {
  const root = rootOf(context.lookup, text);
  if (root === null) return null;
  const { repository } = root;
  const nodes = new Map<string, NeededPackage>([[root.entry.name, nodeOf(context, root)]]);
  // A Map's iterator also visits what is added meanwhile.
  for (const node of nodes.values()) {
    for (const name of node.dependencies) if (!nodes.has(name)) nodes.set(name, listed(context, repository, name));
  }
  const [first, ...closure] = nodes.values();
  return first === undefined ? null : { ...first, repository, closure };
}

function rootOf(lookup: Lookup, text: string): IndexedPackage | null {
  try {
    const [first] = knownPackages(lookup, parseNamedSpec(text), null);
    return first === undefined || first.repository === null ? null : { ...first, repository: first.repository };
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

function listed(context: ListedContext, repository: string, name: string): NeededPackage {
  const entries = context.lookup.indexes.get(repository)?.byName(name) ?? [];
  const entry = entries.find((item) => item.name === name) ?? entries.find(({ aliases }) => aliases.includes(name));
  if (entry !== undefined) return { ...nodeOf(context, { repository, entry }), name };
  const problem = `no package of that name is in ${repository}`;
  return { name, version: null, installedVersion: null, dependencies: [], problem };
}

function nodeOf({ installations }: ListedContext, { entry }: IndexedPackage): NeededPackage {
  const { name, version, dependencies, disabled, installable } = entry;
  const problem = disabled || !installable ? entryState(entry) : null;
  return { name, version, installedVersion: installations.get(name)?.version ?? null, dependencies, problem };
}
