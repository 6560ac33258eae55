import type { IndexedPackage, PackageEntry } from "./metadata.ts";
import { isOrphaned, type PackageOwner } from "./repository-owner.ts";
import type { NamedSpec } from "./spec.ts";

type Narrowing = Pick<NamedSpec, "name" | "family" | "id" | "repository">;

/** True when the candidate has the family, id and repository that were typed. */
export function fits(spec: Narrowing, { entry, repository }: IndexedPackage): boolean {
  return (
    (spec.family === null || entry.family === spec.family) &&
    (spec.id === null || entry.id === spec.id) &&
    (spec.repository === null || repository === spec.repository)
  );
}

/**
 * The candidates with exactly this name, or with this alias, else those whose recipe has it, else all. A package with the name comes before one
 * that merely provides it, even from another repository.
 */
export function namedBest(name: string, candidates: readonly IndexedPackage[]): readonly IndexedPackage[] {
  const named = candidates.filter(({ entry }) => entry.name === name || entry.aliases.includes(name));
  if (named.length > 0) return named;
  const recipes = candidates.filter(({ entry }) => entry.recipe === name);
  return recipes.length > 0 ? recipes : candidates;
}

/** Whether a name is neither that of a package nor of its recipe, only that of one of its programs. */
export function isProgramOnly(name: string, { name: own, aliases, recipe }: IndexedPackage["entry"]): boolean {
  return own !== name && !aliases.includes(name) && recipe !== name;
}

/** What is installed under a name. */
export interface InstalledPackage {
  readonly name: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  /** Null for a direct reference. */
  readonly owner: PackageOwner | null;
  readonly packageId: string;
}

/**
 * The candidates for a name that is installed: those that are the same package, else those of its repository, else all.
 * If a repository was typed, it alone decides; a package whose repository was removed has none.
 */
export function ownersFirst(
  spec: Narrowing,
  candidates: readonly IndexedPackage[],
  owned: InstalledPackage | null,
): readonly IndexedPackage[] {
  if (owned === null || isOrphaned(owned) || spec.repository !== null) return candidates;
  const own = candidates.filter((candidate) => candidate.repository === owned.repository && fits(spec, candidate));
  const same = own.filter(({ entry }) => entry.id === owned.packageId && entry.name === owned.name);
  if (same.length > 0) return same;
  return own.length > 0 ? own : candidates;
}

/** How a program is linked or packed: it may differ from version to version, and from machine to machine. */
const FORMS = ["static", "dynamic", "script", "archive"];

/** As much of an entry as says which package it is. */
interface VersionOfPackage {
  readonly repository: string;
  readonly entry: Pick<PackageEntry, "id" | "family" | "name" | "type">;
}

/** Entries that differ only in their version and in what they were built for are one package. */
export function packageKey({ entry, repository }: VersionOfPackage): string {
  const type = entry.id !== "" && FORMS.includes(entry.type) ? "" : entry.type;
  return JSON.stringify([repository, entry.id, entry.family, entry.name, type]);
}

/** The shortest text that a person can type to name only `target` among `candidates`. */
export function typedFor(
  target: IndexedPackage,
  candidates: readonly IndexedPackage[],
  version: string | null,
): string {
  const unique = formsOf(target).find((form) => meansOnly(form, target, candidates));
  return unique === undefined ? inFull(target, version) : formatSpec(unique, version);
}

/** Everything that can be typed to name a package. */
export function inFull({ entry, repository }: IndexedPackage, version: string | null): string {
  const { name, id, family } = entry;
  return formatSpec({ name, id: id === "" ? null : id, family: family === "" ? null : family, repository }, version);
}

const NOTHING = { family: null, id: null, repository: null };

/** Ways to name a package, the shortest first. */
function formsOf({ entry, repository }: IndexedPackage): readonly Narrowing[] {
  const plain = { ...NOTHING, name: entry.name };
  const ids = entry.id === "" ? [] : [{ ...plain, id: entry.id }];
  const families = entry.family === "" ? [] : [{ ...plain, family: entry.family }];
  const recipes = entry.recipe === entry.name ? [] : [{ ...plain, name: entry.recipe }];
  const local = [...ids, ...families, ...recipes];
  return [...local, ...[...local, plain].map((form) => ({ ...form, repository }))];
}

function meansOnly(form: Narrowing, target: IndexedPackage, candidates: readonly IndexedPackage[]): boolean {
  const meant = namedBest(
    form.name,
    candidates.filter((candidate) => fits(form, candidate)),
  );
  return meant.length > 0 && meant.every((candidate) => packageKey(candidate) === packageKey(target));
}

/** A name with the parts that narrow it down, and a version, as a person types it. */
export function formatSpec({ family, name, id, repository }: Narrowing, version: string | null): string {
  const parts = [family === null ? "" : `${family}/`, name, id === null ? "" : `#${id}`];
  return [...parts, version === null ? "" : `@${version}`, repository === null ? "" : `:${repository}`].join("");
}
