import { hasCode, PkgError, reworded } from "../errors.ts";
import { allNeeded, neededBy, neededFirst } from "../package/dependency-graph.ts";
import { nameInRepository } from "../package/install-name.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Resolved } from "./resolve.ts";
import {
  type DependencyContext,
  type FoundDependency,
  findDependency,
  type WantedDependency,
} from "./resolve-dependency.ts";

/** No program needs as many packages as that. */
const MAX_PACKAGES = 10_000;

/** What a name in a repository means, or why `needer` cannot have it. */
type Found = FoundDependency | Failed;

interface Failed {
  readonly kind: "failed";
  readonly needer: Resolution;
  /** As the needer calls it. */
  readonly name: string;
  /** Null: its repository has no such package. */
  readonly error: PkgError | null;
}

type FoundPackages = ReadonlyMap<string, Found>;

/**
 * What was resolved, and all that it needs to run, from the same indexes: each once, and what is needed comes before what needs
 * it. What needs something that cannot be had becomes an error. Names of dependencies become those of installations.
 */
export function withDependencies(context: DependencyContext, resolved: readonly Resolved[]): readonly Resolved[] {
  const roots = resolved.flatMap((item) => ("resolution" in item ? [item.resolution] : []));
  if (roots.every(({ dependencies }) => dependencies.length === 0)) return resolved;
  const found = findAll(context, roots);
  const needs = (key: string) => needsOf(found.get(key));
  const bad = allNeeded(keysOf(found, "failed"), neededBy(found.keys(), needs));
  const judged = resolved.map((item) =>
    "resolution" in item && bad.has(keyOf(item.resolution))
      ? { requested: item.requested, error: errorOf(found, item.resolution) }
      : item,
  );
  const good = new Map(judged.flatMap((item) => ("resolution" in item ? [[keyOf(item.resolution), item]] : [])));
  const others = judged.filter((item) => !("resolution" in item) || good.get(keyOf(item.resolution)) !== item);
  return [...others, ...neededFirst(good.keys(), needs).flatMap((key) => resolvedItem(found, key, good.get(key)))];
}

function findAll(context: DependencyContext, roots: readonly Resolution[]): FoundPackages {
  const found = new Map<string, Found>(roots.map((resolution) => [keyOf(resolution), { kind: "needed", resolution }]));
  const named = new Map(roots.map(({ name, repository }) => [name, repository]));
  const open = [...roots];
  // An array's iterator also visits what is added meanwhile.
  for (const needer of open) {
    for (const name of needer.dependencies) {
      const key = keyOf({ name, repository: needer.repository });
      if (found.has(key)) continue;
      const item = find(context, { needer, name, named });
      // An alias of what is known already.
      const known = item.kind === "needed" ? found.get(keyOf(item.resolution)) : undefined;
      found.set(key, known ?? item);
      if (known !== undefined || item.kind !== "needed") continue;
      found.set(keyOf(item.resolution), item);
      open.push(item.resolution);
      if (open.length > MAX_PACKAGES) throw tooMany(needer);
    }
  }
  return found;
}

function find(context: DependencyContext, wanted: WantedDependency): Found {
  const { needer, name } = wanted;
  try {
    return findDependency(context, wanted) ?? { kind: "failed", needer, name, error: null };
  } catch (error) {
    if (!(error instanceof PkgError) || hasCode(error, "INTERRUPTED")) throw error;
    return { kind: "failed", needer, name, error };
  }
}

function tooMany({ name }: Resolution): PkgError {
  return new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot install what needs "${name}": that is more than ${MAX_PACKAGES} packages`,
  );
}

/** What a package is known by, whatever it is installed as. */
function keyOf(named: Pick<Resolution, "name" | "repository">): string {
  return JSON.stringify([named.repository, nameInRepository(named)]);
}

function needsOf(found: Found | undefined): readonly string[] {
  if (found?.kind !== "needed") return [];
  const { dependencies, repository } = found.resolution;
  return dependencies.map((name) => keyOf({ name, repository }));
}

function keysOf(found: FoundPackages, kind: Found["kind"]): readonly string[] {
  return [...found].flatMap(([key, item]) => (item.kind === kind ? [key] : []));
}

/** Why a package cannot be installed: the first thing in its closure that cannot be had. */
function errorOf(found: FoundPackages, root: Resolution): PkgError {
  const all = allNeeded([keyOf(root)], (key) => needsOf(found.get(key)));
  const failed = [...all].flatMap((key) => found.get(key) ?? []).find((item) => item.kind === "failed");
  if (failed === undefined) throw new Error(`nothing keeps "${root.name}" from being installed`);
  const { needer, name, error } = failed;
  const who = keyOf(needer) === keyOf(root) ? "it" : `"${needer.name}", which it needs,`;
  const cannot = `Cannot install "${root.requested}": ${who} needs "${name}"`;
  if (error === null) return notThere(cannot, needer);
  return reworded(error, `${cannot}. ${error.message}`);
}

function notThere(cannot: string, { repository }: Resolution): PkgError {
  const message = `${cannot}, and no package of that name is in ${repository}`;
  const hint = `Run \`pkg sync ${repository}\` later, or tell the publisher of ${repository}`;
  return new PkgError("PACKAGE_NOT_FOUND", message, { hint });
}

/** An item for what is to be installed; none for what is there, as it is. */
function resolvedItem(found: FoundPackages, key: string, typed: Resolved | undefined): readonly Resolved[] {
  const item = found.get(key);
  if (item?.kind !== "needed") return [];
  const { resolution } = item;
  const dependencies = needsOf(item).flatMap((needed) => installedAs(found.get(needed)));
  const own = { ...resolution, dependencies: [...new Set(dependencies)] };
  const isNeeded = typed === undefined || ("resolution" in typed && typed.isNeeded === true);
  return [{ requested: typed?.requested ?? resolution.requested, resolution: own, isNeeded }];
}

function installedAs(found: Found | undefined): readonly string[] {
  if (found === undefined || found.kind === "failed") return [];
  return [found.kind === "there" ? found.name : found.resolution.name];
}
