import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { wishOf } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { withLinksAsNow } from "../package/unlinked.ts";
import { newestOf } from "../package/version.ts";
import { versionsMeant } from "../package/version-wish.ts";
import { isSameOwner } from "../plan/plan.ts";
import { findAnyway, typedSpec } from "../resolve/find-installed.ts";
import { bringKept } from "./bring-kept.ts";
import { withLinksAsBefore } from "./linked-keg.ts";
import { neededAgain } from "./needed-again.ts";
import { Lost, type ObtainedAgain, type ObtainRecordedCapabilities, withObtained } from "./obtain-recorded.ts";
import { refuseIfPinned } from "./refuse-if-pinned.ts";
import { tellGivenBack, tellKept } from "./tell-kept.ts";

/** What became of one package. `keep`: the version is the one that is installed; `install`: what the version needs is there again. */
export type UsedItem =
  | {
      readonly action: "use" | "install" | "plan" | "keep";
      readonly name: string;
      readonly version: string;
      /** Null for a dependency that comes along. */
      readonly previousVersion: string | null;
      readonly repository: string | null;
      readonly wish: string | null;
    }
  | ({ readonly action: "fail" } & FailedName);

/** What `use` did, or would do. */
export interface UseOutcome {
  readonly dryRun: boolean;
  readonly packages: readonly UsedItem[];
}

/** What `use` was asked for. */
export interface UseRequest {
  /** Each `NAME@VERSION`. */
  readonly words: readonly string[];
  readonly directory: string;
  readonly dryRun: boolean;
}

type UseCapabilities = Pick<Capabilities, "records"> & ObtainRecordedCapabilities;

/**
 * Puts kept versions in the place of those that are installed, with what they need and is not there any more, as one unit: nothing
 * is asked for anywhere while the store holds them, and what it has lost is obtained again.
 */
export async function use(cap: UseCapabilities, request: UseRequest): Promise<WithErrors<UseOutcome>> {
  const { dryRun } = request;
  const errors: PkgError[] = [];
  const found = (records: Pick<Records, "installations" | "generations">) =>
    [...new Set(request.words)].map((word): Used | UsedItem => {
      try {
        return findKept(records, word, request.directory);
      } catch (error) {
        return failed(errors, word, asFailure(error));
      }
    });
  if (dryRun) {
    const items = found(await cap.records());
    const packages = items.map((item) => ("next" in item ? itemOf(item, "plan") : item));
    return {
      outcome: { dryRun, packages: [...packages, ...alongOf(items).map((item) => comingItem(item, "plan"))] },
      errors,
    };
  }
  const state = await cap.state();
  const { packages, ...failures } = await withObtained(cap, state, async (again) => {
    errors.length = 0;
    const done = await switchAll(cap, state, { found: found(state), errors, again });
    return done instanceof Lost ? done : { packages: done, errors: [...errors] };
  });
  return { outcome: { dryRun, packages: [...packages] }, ...failures };
}

interface Used {
  readonly now: Installation;
  readonly next: Installation;
  /** What that needs and is not there. */
  readonly along: readonly Installation[];
}

interface Switching {
  readonly found: readonly (Used | UsedItem)[];
  readonly errors: PkgError[];
  readonly again: ObtainedAgain;
}

async function switchAll(
  { emit, signal }: Pick<UseCapabilities, "emit" | "signal">,
  state: State,
  { found, errors, again }: Switching,
): Promise<readonly UsedItem[] | Lost> {
  const along = alongOf(found);
  const used = found.flatMap((item) => ("next" in item && item.now !== item.next ? [item.next] : []));
  const results = await bringKept(state, { used, along, again, signal });
  if (results instanceof Lost) return results;
  for (const [name, result] of results) {
    if (result.kind === "failed") continue;
    tellKept(emit, name, result.kept);
    tellGivenBack(emit, result.givenBack);
  }
  const items = found.map((item): UsedItem => {
    if (!("next" in item)) return item;
    const result = results.get(item.now.name);
    return result?.kind === "failed"
      ? failed(errors, item.now.name, unforced(item, result.error))
      : itemOf(item, "use");
  });
  const come = along.filter(({ name }) => results.get(name)?.kind !== "failed");
  return [...items, ...come.map((item) => comingItem(item, "install"))];
}

/** What is in the way says how to take its place by force: that is for `install`. */
function unforced({ next: { name, version } }: Used, error: PkgError): PkgError {
  if (error.code !== "PATH_CONFLICT") return error;
  const hint = `Move it away, or take its place with \`pkg install ${name}@${version} --force\``;
  return new PkgError(error.code, error.message, { hint, cause: error });
}

/** What comes along with all of them: what is named itself comes as it is named. */
function alongOf(found: readonly (Used | UsedItem)[]): readonly Installation[] {
  const used = found.flatMap((item) => ("next" in item ? item : []));
  const all = new Map(used.flatMap(({ along }) => along).map((item) => [item.name, item]));
  return [...all.values()];
}

function comingItem({ name, version, repository, wish }: Installation, action: "install" | "plan"): UsedItem {
  return { action, name, version, previousVersion: null, repository, wish };
}

function itemOf({ now, next }: Used, action: "use" | "plan"): UsedItem {
  const { name, version, repository, wish } = next;
  return { action: now === next ? "keep" : action, name, version, previousVersion: now.version, repository, wish };
}

function failed(errors: PkgError[], name: string, error: PkgError): UsedItem {
  errors.push(error);
  return { action: "fail", name, error: describeFailure(error) };
}

/** @throws {PkgError} NOT_INSTALLED, VERSION_NOT_FOUND, PACKAGE_PINNED; those of findAnyway */
function findKept(records: Pick<Records, "installations" | "generations">, word: string, directory: string): Used {
  const { installations, generations } = records;
  const known = findAnyway({ installations, directory }, word);
  const now = known === null ? null : installations.get(known.name);
  if (now === null)
    throw new PkgError("NOT_INSTALLED", `Cannot use "${word}": no version of it is installed`, {
      hint: `Run \`pkg install ${word}\``,
    });
  const wanted = typedSpec({ name: now.name, requested: word, repository: "" })?.version ?? null;
  if (wanted === null)
    throw new PkgError("USAGE", `Cannot use "${word}": expected a version, as in ${now.name}@${now.version}`, {
      hint: `\`pkg versions ${now.name}\` shows what there is`,
    });
  const kept = generations.editions(now.name);
  const versions = [...new Set([now.version, ...kept.map(({ version }) => version)])];
  const version = newestOf(versions.filter(versionsMeant({ wanted, installed: null }, versions)), (item) => item);
  if (version === now.version) return { now, next: now, along: [] };
  const edition = kept.find((item) => item.version === version);
  const before = edition === undefined ? null : generations.edition(edition.id);
  if (before === null || !isSameOwner(before, now)) throw notKept(now, wanted, versions);
  refuseIfPinned(now, before);
  const { isDependency, isPinned } = now;
  const next = { ...before, isDependency, isPinned, wish: wishOf(wanted), requested: word };
  return {
    ...{ now, next: withLinksAsNow(withLinksAsBefore(next, now), now) },
    along: neededAgain(records, before),
  };
}

function notKept({ name, version }: Installation, wanted: string, versions: readonly string[] = [version]): PkgError {
  const there = versions.length === 1 ? `only ${version} is here` : `here are ${versions.join(", ")}`;
  return new PkgError("VERSION_NOT_FOUND", `Cannot use "${name}@${wanted}": it is not kept; ${there}`, {
    hint: `Run \`pkg install ${name}@${wanted}\``,
  });
}
