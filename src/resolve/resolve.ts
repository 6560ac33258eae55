import { mapConcurrently } from "../base/concurrency.ts";
import { listSome } from "../base/lists.ts";
import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { formulaId } from "../index/homebrew/entry.ts";
import type { ImageWish } from "../package/image.ts";
import { wishOf } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { type Machine, unsupported } from "../package/machine.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import { formatSpec, isProgramOnly, ownersFirst } from "../package/narrow.ts";
import type { Waiver } from "../package/policy.ts";
import { otherRepositories, type Selection, selectPackage } from "../package/select.ts";
import type { NamedSpec } from "../package/spec.ts";
import { versionsMeant } from "../package/version-wish.ts";
import { isSameOwner } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { sourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { findAnyway, type InstalledWords, isInstalledAs } from "./find-installed.ts";
import { installedNow } from "./installed-now.ts";
import { areDecided } from "./is-decided.ts";
import { resolveKept } from "./kept-version.ts";
import { Looking } from "./looking.ts";
import { elsewhereOf, findCandidates, type Lookup, metaOf, withIndexedName } from "./lookup.ts";
import { resolveEntry } from "./resolve-entry.ts";
import { resolveReference } from "./resolve-reference.ts";
import { parseSpec } from "./spec.ts";
import { inDisabled, withdrawn } from "./unjudged.ts";

export interface ResolveOptions {
  /** Checks that the user chose to waive. */
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of direct references, as a person gave it; null: none. */
  readonly key: string | null;
  /** What is wanted of an image, as a person gave it; absent: what was taken from it before, else its own program. */
  readonly image?: ImageWish;
  /** True when nothing is to be installed: an image need not be for one program. */
  readonly isOnlyShown?: boolean;
  /** Where relative paths begin. */
  readonly directory: string;
  /** As in ReferenceOptions. */
  readonly knownSince?: number;
}

export type ResolveCapabilities = SyncCapabilities & Pick<Capabilities, "records">;

/** Each spec with what it means, or the reason why it could not be resolved. */
export type Resolved =
  /** `isNeeded`: nobody named it, and what was named needs it. */
  | { readonly requested: string; readonly resolution: Resolution; readonly isNeeded?: boolean }
  | { readonly requested: string; readonly error: PkgError };

/** Resolves each spec by itself: one that fails does not affect the others. @param looking closed by the caller, if it is the caller's */
export async function resolveSpecs(
  cap: ResolveCapabilities,
  specs: readonly string[],
  options: ResolveOptions,
  looking?: Looking,
): Promise<readonly Resolved[]> {
  const own = looking ?? new Looking(cap, options);
  try {
    return await resolveAll(cap, specs, { ...options, looking: own });
  } finally {
    if (looking === undefined) own.close();
  }
}

async function resolveAll(
  cap: ResolveCapabilities,
  specs: readonly string[],
  options: ResolveOptions & { readonly looking: Looking },
): Promise<readonly Resolved[]> {
  const { looking, directory } = options;
  const parsed = await Promise.all(specs.map((text) => attempt(text, () => parseSpec(text, directory))));
  const { installations, generations } = await cap.records();
  const named = parsed.flatMap((item) => ("value" in item && item.value.kind === "named" ? [item.value] : []));
  looking.expect((settled) => areDecided({ ...cap, installations }, named, settled));
  const context = { sources: sourceContext(cap), installations, generations, retry: cap.retry, signal: cap.signal };
  return mapConcurrently(parsed, cap.config.concurrency, async (item): Promise<Resolved> => {
    if ("error" in item) return item;
    const spec = item.value;
    const result = await attempt(item.requested, () =>
      spec.kind === "reference"
        ? resolveReference(context, spec, options)
        : looking.find(spec.text, (lookup) =>
            resolveNamed(cap, { lookup, installations, generations }, { spec, skip: options.skip }),
          ),
    );
    if ("error" in result) return { ...result, error: ofInstalled(cap, { installations, directory }, result) };
    return { requested: item.requested, resolution: result.value };
  });
}

type Attempt<T> =
  | { readonly requested: string; readonly value: T }
  | { readonly requested: string; readonly error: PkgError };

async function attempt<T>(requested: string, work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { requested, value: await work() };
  } catch (error) {
    return { requested, error: asFailure(error) };
  }
}

/** What is installed is not unknown, only nobody can tell whether it is up to date while its repository is disabled. */
function ofInstalled(
  { config }: Pick<ResolveCapabilities, "config">,
  words: InstalledWords,
  { requested, error }: { readonly requested: string; readonly error: PkgError },
): PkgError {
  if (!hasCode(error, "INDEX_MISSING", "PACKAGE_NOT_FOUND")) return error;
  const found = findAnyway(words, requested);
  const repository = config.repositories.find(({ name }) => name === found?.repository);
  if (found === null || repository?.enabled !== false || !isInstalledAs(words, requested, found)) return error;
  return inDisabled(found).error;
}

/** An installed package stays with the repository that it came from: a bare name means that one first. */
function resolveNamed(
  cap: Pick<ResolveCapabilities, "config" | "now" | "emit" | "indexes">,
  { lookup, installations, generations }: LookedIn,
  { spec: typed, skip }: { readonly spec: NamedSpec; readonly skip: readonly Waiver[] },
): Resolution {
  const { host, libcs } = cap.config;
  const spec = withIndexedName(lookup, typed);
  const elsewhere = elsewhereOf(lookup, spec);
  const all = findOrTell(cap.config, lookup, spec);
  const installed = installedNow(installations, spec, all);
  const wanting = { host, libcs, elsewhere, installed };
  const candidates = ownersFirst(spec, all, installed);
  const selected = attemptSelection(() => selectPackage(spec, candidates, wanting));
  if (selected instanceof PkgError) {
    const kept = resolveKept({ cap, lookup, installations, generations, skip }, spec, candidates);
    if (kept !== null) return kept;
    throw selected;
  }
  const { package: found, version, snapshot } = selected;
  if (installed === null) tellName(cap, { spec, all, found });
  else if (isReplacedByProgram(spec, installed, found)) throw withdrawn(installed, null).error;
  const owner = installations.ownerOf(found.repository);
  const own = { repository: found.repository, owner, packageId: found.entry.id };
  const isSame = installed?.packageId === own.packageId && isSameOwner(installed, own);
  const chosen = {
    ...{ requested: spec.text, wish: wishOf(spec.version), version, snapshot, meta: metaOf(lookup, found), skip },
    owner,
    installed: isSame ? installed : null,
    isOtherVersion: installed !== null && excludes(spec, { chosen: version, installed: installed.version }),
  };
  const resolution = resolveEntry(cap, found, chosen);
  return isSame && installed !== null ? { ...resolution, name: installed.name } : resolution;
}

/** Where a name is looked for. */
interface LookedIn {
  readonly lookup: Lookup;
  readonly installations: Installations;
  readonly generations: Records["generations"];
}

/** What is selected, or that there is no such version, which may be kept. */
function attemptSelection(select: () => Selection): Selection | PkgError {
  try {
    return select();
  } catch (error) {
    if (hasCode(error, "VERSION_NOT_FOUND")) return error;
    throw error;
  }
}

/** What is installed and gone from its repository is not the other package that has a program of this name. */
function isReplacedByProgram(
  { name, repository }: NamedSpec,
  installed: Installation,
  { entry }: IndexedPackage,
): boolean {
  if (repository !== null || installed.name !== name || installed.repository === null) return false;
  return installed.packageId !== entry.id && isProgramOnly(name, entry);
}

/** Tells where else a name is that was taken from the first repository that has it, and what has another name by now. */
function tellName(
  { emit, config }: Pick<ResolveCapabilities, "config" | "emit">,
  {
    spec,
    all,
    found,
  }: { readonly spec: NamedSpec; readonly all: readonly IndexedPackage[]; readonly found: IndexedPackage },
): void {
  const { name, replaces } = found.entry;
  if (replaces.includes(formulaId(spec.name))) emit({ kind: "note", message: `${spec.name} is called ${name} now` });
  if (spec.repository !== null) return;
  const others = otherRepositories(spec, all, { machine: config, chosen: found.repository });
  if (others.length === 0) return;
  const typed = others.map((repository) => formatSpec({ ...spec, repository }, spec.version));
  const message = `${spec.name} is taken from ${found.repository}, and is also in ${listSome(others, MAX_LISTED)}: type ${listSome(typed, MAX_LISTED)} for that`;
  emit({ kind: "note", message });
}

const MAX_LISTED = 4;

/** Whether what was typed excludes the version that is installed. */
function excludes(
  { version: wanted }: NamedSpec,
  { chosen, installed }: { readonly chosen: string; readonly installed: string },
): boolean {
  return !versionsMeant({ wanted, installed }, [chosen])(installed);
}

/** Like `findCandidates`, but PLATFORM_UNSUPPORTED if only other machines have a package of that name. */
function findOrTell(machine: Machine, lookup: Lookup, spec: NamedSpec): readonly IndexedPackage[] {
  try {
    return findCandidates(lookup, spec);
  } catch (error) {
    const elsewhere = elsewhereOf(lookup, spec).map((host) => ({ host, libc: null }));
    if (!hasCode(error, "PACKAGE_NOT_FOUND") || elsewhere.length === 0) throw error;
    throw unsupported(spec.text, machine, elsewhere);
  }
}
