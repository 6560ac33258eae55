import type { EmitEvent } from "../base/events.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { onlineHint } from "../http/online-hint.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import { parseReference, tagText } from "../oci/reference.ts";
import type { Installation } from "../package/installation.ts";
import { type NamedSpec, parseNamedSpec } from "../package/spec.ts";
import { newestFirst } from "../package/version.ts";
import { versionsMeant } from "../package/version-wish.ts";
import { findAnyway, typedSpec } from "../resolve/find-installed.ts";
import { Looking } from "../resolve/looking.ts";
import type { ResolveCapabilities } from "../resolve/resolve.ts";
import { isReference, parseSpec } from "../resolve/spec.ts";
import type { Generations } from "../state/generations.ts";
import { type Listed, listedIn } from "./listed-versions.ts";
import { type Named, named } from "./named.ts";
import { olderTags } from "./older-tags.ts";

/** A version that there is of a package. */
export interface KnownVersion {
  readonly version: string;
  /** Null for what is installed by its reference. */
  readonly repository: string | null;
  /** What installs it, where no index has it: the reference of an older tag; else null. */
  readonly reference: string | null;
  readonly isInstalled: boolean;
  readonly isPinned: boolean;
  /** Whether it was installed before, and can be used again without a download. */
  readonly isKept: boolean;
}

/** What there is of one package, the newest release first. */
export interface KnownVersions {
  /** As it is installed, else as it was typed. */
  readonly name: string;
  readonly versions: readonly KnownVersion[];
  /** Places whose tags were not asked for, as nothing is asked offline, or that did not answer. */
  readonly unasked: readonly string[];
}

/** Every version that indexes, registries and the store know of packages. */
export function versionsOf(
  cap: ResolveCapabilities,
  words: readonly string[],
  directory: string,
): Promise<Named<KnownVersions>> {
  return named(words, (word) => versionsOfOne(cap, word, directory));
}

/** @throws {PkgError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, REPOSITORY_UNKNOWN, OFFLINE; as parseSpec */
async function versionsOfOne(cap: ResolveCapabilities, word: string, directory: string): Promise<KnownVersions> {
  const { installations, generations } = await cap.records();
  const anyway = findAnyway({ installations, directory }, word);
  const spec = isReference(word) ? null : specOf(word, anyway);
  const installed = anyway !== null && isMeant(anyway, spec) ? anyway : null;
  const listed = await listedBy(cap, spec, installed);
  const tags = await olderTags(cap, placesOf(word, { directory, installed, listed }));
  const name = installed?.name ?? spec?.name ?? word;
  const here = hereOf(generations, name, { installed, listed });
  const all = merged([...here, ...listed.map(fromIndex), ...tags.found.map(fromTag(installed))]);
  if (all.length === 0) throw nothingKnown(word, tags.error);
  if (tags.error !== null) tellUnasked(cap.emit, tags.unasked, tags.error);
  const versions = narrowed(all, spec?.version ?? null);
  if (versions.length === 0) throw noneMeant(word, name);
  return { name, versions, unasked: tags.unasked };
}

function specOf(word: string, anyway: Installation | null): NamedSpec {
  const typed = anyway === null ? null : typedSpec({ name: anyway.name, requested: word, repository: "" });
  return typed ?? parseNamedSpec(word);
}

function isMeant({ repository, packageId }: Installation, spec: NamedSpec | null): boolean {
  if (spec === null) return true;
  return (spec.repository ?? repository) === repository && (spec.id ?? packageId) === packageId;
}

/** What indexes have of it. What is installed is shown whatever has become of its index. */
async function listedBy(
  cap: ResolveCapabilities,
  spec: NamedSpec | null,
  installed: Installation | null,
): Promise<readonly Listed[]> {
  if (spec === null || (installed !== null && installed.repository === null)) return [];
  const own = installed === null ? {} : { name: installed.packageName, repository: installed.repository };
  const looking = new Looking(cap, { skip: null, isInstalled: installed !== null });
  try {
    return await looking.find(spec.text, (lookup) =>
      listedIn(lookup, { ...spec, ...own }, { machine: cap.config, id: installed?.packageId ?? spec.id }),
    );
  } catch (error) {
    if (installed === null) throw error;
    cap.emit({ kind: "note", message: asFailure(error).message });
    return [];
  } finally {
    looking.close();
  }
}

interface Sources {
  readonly directory: string;
  readonly installed: Installation | null;
  readonly listed: readonly Listed[];
}

/** Where there may be older tags: what comes from a web address has none, and nor has a bottle that could be installed by one. */
function placesOf(word: string, { directory, installed, listed }: Sources): readonly Location[] {
  const text = installed?.repository === null ? installed.requested : word;
  const direct = isReference(text) ? parseSpec(text, directory) : null;
  if (direct?.kind === "reference") return [direct.location];
  const references = listed.flatMap(({ tagged }) => tagged ?? []);
  return references.map((reference) => ({ kind: "registry", reference: parseReference(reference) }));
}

/** What is installed, and what is kept of the same owner's package. */
function hereOf(
  generations: Generations,
  name: string,
  { installed, listed }: Pick<Sources, "installed" | "listed">,
): readonly KnownVersion[] {
  const repositories = new Set(installed === null ? listed.map((item) => item.repository) : [installed.repository]);
  const kept = generations.editions(name).flatMap(({ id, version }): readonly KnownVersion[] => {
    const { repository, packageId } = generations.edition(id);
    const isSame = repositories.has(repository) && (installed === null || packageId === installed.packageId);
    return isSame && version !== installed?.version
      ? [{ version, repository, reference: null, isInstalled: false, isPinned: false, isKept: true }]
      : [];
  });
  if (installed === null) return kept;
  const { version, repository, isPinned } = installed;
  return [{ version, repository, reference: null, isInstalled: true, isPinned, isKept: false }, ...kept];
}

function fromIndex({ version, repository }: Listed): KnownVersion {
  return { version, repository, reference: null, isInstalled: false, isPinned: false, isKept: false };
}

function fromTag(installed: Installation | null) {
  return ({ version, location }: { readonly version: string; readonly location: Location }): KnownVersion => {
    const isHere = installed?.reference === formatLocation(location);
    const reference = isHere ? null : formatLocation(location);
    return { version, repository: null, reference, isInstalled: false, isPinned: false, isKept: false };
  };
}

/** Each version once, as the first that has it says: what is here, then what indexes have, then tags. */
function merged(all: readonly KnownVersion[]): readonly KnownVersion[] {
  const first = new Map<string, KnownVersion>();
  for (const item of all) {
    const isKnown = isTag(item) && all.some((other) => !isTag(other) && isSameTag(other.version, item.version));
    const key = `${item.repository ?? ""}\0${item.version}`;
    if (!isKnown && !first.has(key)) first.set(key, item);
  }
  const items = [...first.values()];
  const order = newestFirst(new Set(items.map(({ version }) => version)));
  return order.flatMap((version) => items.filter((item) => item.version === version));
}

/** True for what only a tag says, be it that of what is installed by another word. */
function isTag({ repository, isInstalled, isKept }: KnownVersion): boolean {
  return repository === null && !isInstalled && !isKept;
}

function isSameTag(version: string, tag: string): boolean {
  return tagText(version) === tag || `v${tagText(version)}` === tag || tagText(version) === `v${tag}`;
}

function narrowed(all: readonly KnownVersion[], wanted: string | null): readonly KnownVersion[] {
  if (wanted === null) return all;
  const texts = all.map(({ version }) => version);
  const meant = versionsMeant({ wanted, installed: null }, texts);
  return all.filter(({ version }) => meant(version));
}

function nothingKnown(word: string, error: PkgError | null): PkgError {
  return (
    error ?? new PkgError("VERSION_NOT_FOUND", `Cannot list the versions of "${word}": it has no tag of a version`)
  );
}

function noneMeant(word: string, name: string): PkgError {
  return new PkgError("VERSION_NOT_FOUND", `Cannot find "${word}": there is no such version`, {
    hint: `\`pkg versions ${name}\` shows all`,
  });
}

function tellUnasked(emit: EmitEvent, unasked: readonly string[], { message, code }: PkgError): void {
  const hint = code === "OFFLINE" ? `. ${onlineHint("--offline")}` : "";
  emit({ kind: "note", message: `Older tags of ${unasked.join(", ")} are not known: ${message}${hint}` });
}
