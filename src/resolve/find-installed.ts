import { asFailure, describeFailure, type FailedName } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { nameBeside } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { nearest } from "../package/nearest.ts";
import { inPrefix } from "../package/place.ts";
import { type NamedSpec, type Spec, withWholeName } from "../package/spec.ts";
import { isVersionMeant } from "../package/version-wish.ts";
import type { Installations } from "../state/installations.ts";
import { isFromPlace, isOfKey, mayLeadTo } from "./installed-place.ts";
import { isReference, parseInstalledSpec, parseSpec } from "./spec.ts";

/** Where words are looked for. */
export interface InstalledWords {
  readonly installations: Pick<Installations, "list" | "get" | "leftovers" | "linkOwner">;
  /** Where relative paths begin. */
  readonly directory: string;
}

/**
 * The installation that a word means: any word that `install` takes. A name may be that of a program of the package, or what was
 * typed to install it, in any case; what else the word says (version, tag, digest, id, family, repository) has to be so.
 *
 * @throws {PkgError} NOT_INSTALLED; PACKAGE_AMBIGUOUS for a place that several packages are from; SPEC_INVALID, REFERENCE_INVALID
 */
export function findInstalled(words: InstalledWords, text: string): Installation {
  const { installation, spec } = findNamed(words, text);
  return demand(words, installation, spec);
}

/** The installation whose name or place a word has, whatever else it says; null: there is none. */
export function findAnyway(words: InstalledWords, text: string): Installation | null {
  try {
    return findNamed(words, text).installation;
  } catch (error) {
    if (hasCode(error, "NOT_INSTALLED", "PACKAGE_AMBIGUOUS")) return null;
    throw error;
  }
}

/** Whether all that a word says is so of an installation. */
export function isInstalledAs(words: InstalledWords, text: string, installation: Installation): boolean {
  return differenceOf(installation, parseWord(words, text)) === null;
}

/**
 * The installation that `update` is to change: the version of a name is not what is installed, but what is to be.
 * What came by a digest, or the tag of one version, has no other to update to; where `latest` leads is known when it was asked.
 *
 * @throws {PkgError} as findInstalled
 */
export function findUpdatable(words: InstalledWords, text: string): Installation {
  const { installation, spec } = findNamed(words, text);
  return demand(
    words,
    installation,
    spec.kind === "named" && mayLeadTo(installation, spec.version ?? "latest") ? { ...spec, version: null } : spec,
  );
}

function demand({ installations }: InstalledWords, found: Installation, spec: Spec): Installation {
  const difference = differenceOf(found, spec);
  if (difference === null) return installations.get(found.name) ?? found;
  throw new PkgError("NOT_INSTALLED", `Cannot find "${spec.text}": ${difference}`, { hint: `Type "${found.name}"` });
}

/** What each word means, once for two words that mean the same; and an error for each that means nothing. */
export interface FoundInstalled {
  readonly found: readonly { readonly word: string; readonly installation: Installation }[];
  readonly missing: readonly { readonly word: string; readonly error: PkgError }[];
}

/** What several words mean, by `find`, which may throw: all that is installed if there are none. */
export function findAllInstalled(
  words: InstalledWords,
  texts: readonly string[],
  find: (words: InstalledWords, text: string) => Installation = findInstalled,
): FoundInstalled {
  const found = new Map<string, FoundInstalled["found"][number]>();
  const missing: FoundInstalled["missing"][number][] = [];
  for (const word of new Set(texts)) {
    try {
      const installation = find(words, word);
      if (!found.has(installation.name)) found.set(installation.name, { word, installation });
    } catch (error) {
      missing.push({ word, error: asFailure(error) });
    }
  }
  return { found: [...found.values()], missing };
}

/** What a word says; the name of an installation, or another one that it is known by, may have an `@` in it. */
function parseWord({ installations, directory }: InstalledWords, text: string): Spec {
  const spec = parseInstalledSpec(text, directory);
  const isKnown = (whole: string) =>
    installations.list().some(({ name }) => isSameName(name, whole)) || aliasOwner(installations, whole) !== null;
  return spec.kind === "named" ? withWholeName(spec, isKnown) : spec;
}

/** The keg that is known by another name as well: it has a link in `opt` for each. */
function aliasOwner({ linkOwner }: Pick<Installations, "linkOwner">, name: string): string | null {
  return linkOwner(inPrefix(`opt/${name}`));
}

/** The installation whose name or place a word has, whatever else it says. */
function findNamed(words: InstalledWords, text: string) {
  const all = words.installations.list();
  const spec = parseWord(words, text);
  const found = spec.kind === "named" ? byName(words, spec) : fromPlace(all, spec);
  if (found === null) throw notInstalled(words, text, spec);
  return { installation: found, spec };
}

/**
 * By its name, else in another case, else by what was typed to install it, else by another name that its index knows it by, else
 * by a program of it. What lies beside another owner's package has the repository in its name.
 */
function byName(
  { installations }: InstalledWords,
  { name, repository }: Pick<NamedSpec, "name" | "repository">,
): Installation | null {
  const all = installations.list();
  const folded = name.toLowerCase();
  const owner = installations.linkOwner(name);
  const alias = aliasOwner(installations, name);
  const beside = nameBeside({ name, repository }).toLowerCase();
  const ways: readonly ((item: Installation) => boolean)[] = [
    (item) => repository !== null && item.name.toLowerCase() === beside,
    (item) => item.name === name,
    (item) => item.name.toLowerCase() === folded,
    (item) => item.packageName.toLowerCase() === folded,
    (item) => typedSpec(item)?.name.toLowerCase() === folded,
    (item) => item.name === alias,
    (item) => item.name === owner,
  ];
  for (const isMeant of ways) {
    const found = all.filter(isMeant);
    if (found.length === 1) return found[0] ?? null;
  }
  return null;
}

/** What was typed to install it, if that was a name. */
export function typedSpec({
  name,
  requested,
  repository,
}: Pick<Installation, "name" | "requested" | "repository">): NamedSpec | null {
  if (repository === null || isReference(requested)) return null;
  const spec = parseSpec(requested);
  return spec.kind === "named" ? withWholeName(spec, (whole) => isSameName(name, whole)) : null;
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function fromPlace(all: readonly Installation[], spec: Spec & { readonly kind: "reference" }): Installation | null {
  const there = all.filter((item) => isFromPlace(item, spec.location));
  const exact = there.filter((item) => isOfKey(item, spec.location));
  const [only = null, ...others] = exact.length > 0 ? exact : there;
  if (others.length === 0) return only;
  const names = [only, ...others].map((item) => `"${item?.name}"`).join(", ");
  throw new PkgError("PACKAGE_AMBIGUOUS", `Cannot tell which "${spec.text}" is meant: ${names} are from there`, {
    hint: "Type one of the names",
  });
}

/** What a word says that is not so of the installation; null: nothing. */
function differenceOf(item: Installation, spec: Spec): string | null {
  const own = `"${item.name}" ${item.version}`;
  if (spec.kind === "reference") {
    return isOfKey(item, spec.location) ? null : `what is installed from there is ${own}, from "${item.reference}"`;
  }
  const { repository, family, id } = spec;
  if (repository !== null && repository !== item.repository)
    return `${own} is installed from "${item.repository ?? item.reference}"`;
  if (family !== null && family !== item.family)
    return `the family of ${own}, which is installed, is ${quotedOr(item.family, "not known")}`;
  if (id !== null && id !== item.packageId)
    return `the id of ${own}, which is installed, is ${quotedOr(item.packageId, "not known")}`;
  return hasVersion(item, spec.version) ? null : `version ${item.version} of "${item.name}" is installed`;
}

function quotedOr(text: string, none: string): string {
  return text === "" ? none : `"${text}"`;
}

function hasVersion(item: Installation, wanted: string | null): boolean {
  const typed = typedSpec(item)?.version ?? null;
  return wanted === null || wanted === typed || isVersionMeant(wanted, item.version);
}

function notInstalled({ installations }: InstalledWords, text: string, spec: Spec): PkgError {
  return new PkgError("NOT_INSTALLED", `Cannot find "${text}": it is not installed`, {
    hint: hintFor(installations, spec),
  });
}

function hintFor(installations: InstalledWords["installations"], spec: Spec): string {
  const name = spec.kind === "named" ? spec.name : null;
  if (name !== null && installations.leftovers(name).length > 0)
    return `Files that were kept of it are removed by \`pkg remove --purge ${name}\``;
  const names = installations.list().map((item) => item.name);
  const [guess] = name === null ? [] : nearest(name, names, 1);
  return guess === undefined ? "Run `pkg list` to see what is installed" : `Did you mean "${guess}"?`;
}

/** A word that names nothing that is installed, as an item beside those that were found. */
export function describeMissing({ word, error }: FoundInstalled["missing"][number]): FailedName {
  return { name: word, error: describeFailure(error) };
}
