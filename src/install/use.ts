import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { wishOf } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { withLinksAsNow } from "../package/unlinked.ts";
import { newestOf } from "../package/version.ts";
import { versionsMeant } from "../package/version-wish.ts";
import { isSameOwner } from "../plan/plan.ts";
import type { ProfileChange } from "../profile/profile.ts";
import { findAnyway, typedSpec } from "../resolve/find-installed.ts";
import { withLinksAsBefore } from "./linked-keg.ts";
import {
  changeTo,
  Lost,
  type ObtainedAgain,
  type ObtainRecordedCapabilities,
  withObtained,
} from "./obtain-recorded.ts";
import { refuseIfPinned } from "./refuse-if-pinned.ts";
import { tellGivenBack, tellKept } from "./tell-kept.ts";

/** What became of one package. `keep`: the version is the one that is installed. */
export type UsedItem =
  | {
      readonly action: "use" | "plan" | "keep";
      readonly name: string;
      readonly version: string;
      readonly previousVersion: string;
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
 * Puts kept versions in the place of those that are installed, as one unit: nothing is asked for anywhere while the store holds
 * them, and what it has lost is obtained again.
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
    const packages = found(await cap.records()).map((item) => ("next" in item ? itemOf(item, "plan") : item));
    return { outcome: { dryRun, packages }, errors };
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
  const ready = new Map<Used, ProfileChange>();
  const lost: Installation[] = [];
  const missing = new Map<Used, PkgError>();
  for (const item of found) {
    if (!("next" in item) || item.now === item.next) continue;
    const change = await changeTo(state, item.next, { again, signal });
    if (change instanceof Lost) lost.push(item.next);
    else if (change instanceof PkgError) missing.set(item, change);
    else ready.set(item, change);
  }
  if (lost.length > 0) return new Lost(lost);
  const changes = [...ready.values()];
  const results = changes.length === 0 ? [] : state.profile.apply(changes, { force: false });
  const order = [...ready.keys()];
  return found.map((item): UsedItem => {
    if (!("next" in item)) return item;
    const { now } = item;
    const cannot = missing.get(item);
    if (cannot !== undefined) return failed(errors, now.name, cannot);
    const result = results[order.indexOf(item)];
    if (result?.kind === "failed") return failed(errors, now.name, result.error);
    if (result !== undefined) {
      tellKept(emit, now.name, result.kept);
      tellGivenBack(emit, result.givenBack);
    }
    return itemOf(item, "use");
  });
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
function findKept(
  { installations, generations }: Pick<Records, "installations" | "generations">,
  word: string,
  directory: string,
): Used {
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
  if (version === now.version) return { now, next: now };
  const edition = kept.find((item) => item.version === version);
  const before = edition === undefined ? null : generations.edition(edition.id);
  if (before === null || !isSameOwner(before, now)) throw notKept(now, wanted, versions);
  refuseIfPinned(now, before);
  const { isDependency, isPinned } = now;
  const next = { ...before, isDependency, isPinned, wish: wishOf(wanted), requested: word };
  return { now, next: withLinksAsNow(withLinksAsBefore(next, now), now) };
}

function notKept({ name, version }: Installation, wanted: string, versions: readonly string[] = [version]): PkgError {
  const there = versions.length === 1 ? `only ${version} is here` : `here are ${versions.join(", ")}`;
  return new PkgError("VERSION_NOT_FOUND", `Cannot use "${name}@${wanted}": it is not kept; ${there}`, {
    hint: `Run \`pkg install ${name}@${wanted}\``,
  });
}
