import { addAll } from "../base/many.ts";
import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { isSameVersion } from "../package/version.ts";
import { failAlong } from "../plan/fail-along.ts";
import { isPlacing, isSameOwner, makePlan, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { placesOf } from "../profile/places.ts";
import { refuseUnfitPrefix } from "../profile/prefix.ts";
import { closeOver } from "../resolve/close-over.ts";
import { withDependencies } from "../resolve/closure.ts";
import { fetchForGone } from "../resolve/fetch-for-gone.ts";
import { checkAlias, installedAs, refuseTaken } from "../resolve/install-as.ts";
import { Looking } from "../resolve/looking.ts";
import { type ResolveCapabilities, type Resolved, resolveSpecs } from "../resolve/resolve.ts";
import { settleAmbiguous } from "../resolve/settle-ambiguous.ts";
import { checkImage, checkKey, type InstallRequest, joinVersions } from "./check-request.ts";
import type { InstalledItem, InstallPlan, PlannedAlong } from "./install-outcome.ts";
import { conflictsIn } from "./keg-concerns.ts";
import { leavePinned, partsOf } from "./leave-pinned.ts";
import { type NameConfig, type Question, questionsOf } from "./name-concerns.ts";
import { openForChange, tellMoved } from "./open-for-change.ts";
import { refuseIfPinned } from "./refuse-if-pinned.ts";
import { resolveAgain } from "./resolve-again.ts";

/** Resolves and plans what was named, and changes nothing; a package that fails does not affect the others. */
export async function planInstall(cap: Capabilities, request: InstallRequest): Promise<InstallPlan> {
  checkKey(request);
  checkImage(request);
  if (request.as !== undefined) checkAlias(request.as, request.specs);
  await openForChange(cap, request.dryRun);
  // What is to be poured again is refused with the same words.
  if (!request.reinstall) await tellMoved(cap);
  return planWanted(cap, {
    ...request,
    find: async (looking) => {
      const resolve = request.reinstall ? resolveAgain : resolveSpecs;
      const found = joinVersions(await resolve(cap, request.specs, request, looking));
      const { choose = async () => null } = request;
      const settled = await settleAmbiguous(cap, found, { ...request, looking, choose });
      return request.as === undefined ? settled : underName(await cap.records(), settled, request.as);
    },
  });
}

/** What was named, as it is installed under another name. */
function underName(
  { installations }: Pick<Records, "installations">,
  resolved: readonly Resolved[],
  name: string,
): readonly Resolved[] {
  return resolved.map((item) => {
    if ("error" in item || item.isNeeded === true) return item;
    try {
      const resolution = installedAs(item.resolution, name);
      refuseTaken(installations, resolution);
      return { ...item, resolution };
    } catch (error) {
      return { requested: item.requested, error: asFailure(error) };
    }
  });
}

/** What is wanted, and how it is found. */
export interface Wanted extends Pick<InstallRequest, "skip" | "reinstall"> {
  readonly find: (looking: Looking) => Promise<readonly Resolved[]>;
  /** Whether what was typed is recorded, where the same stays; default: it is not. */
  readonly recordsRequest?: boolean;
}

/** Plans what `find` finds, with all that it needs, and changes nothing; `apply` shares it. */
export async function planWanted(cap: ResolveCapabilities, wanted: Wanted): Promise<InstallPlan> {
  const { skip } = wanted;
  const looking = new Looking(cap, { skip });
  try {
    const plan = await planFound(cap, wanted, looking);
    return {
      ...plan,
      renew: (gone) => renewPlan(cap, { wanted, gone, looked: looking }),
      along: (needers, name) => planAlong(cap, { needers, name }, { skip, tried: looking.tried }),
    };
  } finally {
    looking.close();
  }
}

async function planFound(cap: ResolveCapabilities, wanted: Wanted, looking: Looking): Promise<InstallPlan> {
  const resolved = await closeOverAll(cap, await wanted.find(looking), { looking, skip: wanted.skip });
  const state = await cap.records();
  return planResolved({ state, names: cap.config }, resolved, { ...wanted, repairs: true });
}

/** With all that it needs; what comes by its reference needs no index. */
async function closeOverAll(
  cap: Pick<ResolveCapabilities, "config" | "now" | "emit" | "records">,
  resolved: readonly Resolved[],
  { looking, skip }: { readonly looking: Looking } & Pick<InstallRequest, "skip">,
): Promise<readonly Resolved[]> {
  if (!resolved.some((item) => "resolution" in item && item.resolution.repository !== null)) return resolved;
  const { installations } = await cap.records();
  return closeOver({ cap, lookup: await looking.open(), installations, skip }, resolved);
}

/** The plan by newer indexes than those of this run so far; null: there are none. */
async function renewPlan(
  cap: ResolveCapabilities,
  { wanted, gone, looked }: { readonly wanted: Wanted; readonly gone: readonly Resolution[]; readonly looked: Looking },
): Promise<InstallPlan | null> {
  const tried = await fetchForGone(cap, gone, looked.tried);
  if (tried === null) return null;
  const looking = new Looking(cap, { skip: wanted.skip, tried });
  try {
    return await planFound(cap, wanted, looking);
  } finally {
    looking.close();
  }
}

interface Along {
  readonly needers: readonly Resolution[];
  /** As its index calls it. */
  readonly name: string;
}

/** The plan for what some need that their entries do not name, as in InstallPlan; `update` shares it. */
export async function planAlong(
  cap: ResolveCapabilities,
  { needers, name }: Along,
  { skip, tried }: Pick<InstallRequest, "skip"> & { readonly tried: ReadonlySet<string> },
): Promise<PlannedAlong | null> {
  const looking = new Looking(cap, { skip, tried });
  try {
    const state = await cap.records();
    const context = { cap, lookup: await looking.open(), installations: state.installations, skip };
    const roots = needers.map((resolution) => ({
      requested: resolution.requested,
      resolution: { ...resolution, dependencies: [name] },
    }));
    const resolved = withDependencies(context, roots);
    const isRoot = (item: Resolved) => needers.some(({ requested }) => requested === item.requested);
    const [found] = resolved.flatMap((item) =>
      "resolution" in item && isRoot(item) ? item.resolution.dependencies : [],
    );
    if (found === undefined || resolved.some((item) => "error" in item)) return null;
    const others = resolved.filter((item) => !isRoot(item));
    const { plan, errors } = planResolved({ state, names: cap.config }, others, { reinstall: false, repairs: false });
    return errors.length === 0 ? { plan, name: found } : null;
  } finally {
    looking.close();
  }
}

interface PlanContext {
  readonly state: Pick<Records, "installations" | "profile">;
  readonly names: NameConfig;
}

/** The plan of what was resolved; `update` shares it. */
export function planResolved(
  { state, names }: PlanContext,
  resolved: readonly Resolved[],
  options: Pick<Wanted, "reinstall" | "recordsRequest"> & { readonly repairs: boolean },
): InstallPlan {
  const { resolutions, errors, failed } = sortOut(resolved);
  const { installations } = state;
  const how = { ...options, needed: namesNeeded(resolved) };
  const { steps: wanted, bytes } = makePlan(resolutions, (name) => installations.get(name), how);
  const left = leavePinned(wanted, how.needed);
  const steps = options.repairs
    ? left.map((step) => repairIfPinned(repairIfBroken(state, fetchIfUnlinked(installations, step)), options))
    : left;
  const questions: Question[] = [];
  const refused = new Map(conflictsIn(steps, installations));
  for (const step of steps) {
    try {
      if (isPlacing(step) && step.resolution.keg !== null) refuseUnfitPrefix(placesOf(names.paths), installations);
      if (step.kind === "change" && step.isRepair !== true) refuseIfPinned(step.from, step.resolution);
      addAll(questions, questionsOf(names, installations, step));
    } catch (error) {
      // A reference may lead to something that is not a package.
      refused.set(step.resolution.name, asFailure(error));
    }
  }
  const along = failAlong(partsOf(steps), refused);
  const planned = steps.filter(({ resolution: { name } }) => !refused.has(name) && !along.has(name));
  for (const { resolution } of steps) {
    const own = refused.get(resolution.name);
    const error = own ?? along.get(resolution.name);
    if (error === undefined) continue;
    // What is wrong with the prefix is wrong for all bottles, and is reported once.
    const isTold = errors.some(({ message }) => message === error.message);
    if (!isTold && (own !== undefined || !resolution.isDependency)) errors.push(error);
    failed.push({ action: "fail", name: resolution.requested, error: describeFailure(error) });
  }
  return { plan: { steps: planned, bytes }, needed: how.needed, questions, errors, failed, renew: null };
}

/** Names of what nobody named, and what was named needs. */
function namesNeeded(resolved: readonly Resolved[]): ReadonlySet<string> {
  return new Set(
    resolved.flatMap((item) => ("resolution" in item && item.isNeeded === true ? item.resolution.name : [])),
  );
}

/** What gave up links is not placed again as it is recorded: its paths may be free now. */
function fetchIfUnlinked(installations: PlanContext["state"]["installations"], step: Step): Step {
  if (step.kind !== "change" || step.isRepair !== true) return step;
  const isUnlinked = (installations.get(step.resolution.name)?.taken.length ?? 0) > 0;
  return isUnlinked ? { ...step, isRepair: false } : step;
}

/** What is pinned is placed again as it is recorded, where its index has only other versions. */
function repairIfPinned(step: Step, { reinstall }: Pick<Wanted, "reinstall">): Step {
  if (!reinstall || step.kind !== "change" || !step.from.isPinned) return step;
  const { from, resolution } = step;
  const isMoved = !resolution.isOtherVersion && isSameOwner(from, resolution);
  return isMoved && !isSameVersion(from.version, resolution.version) ? { ...step, isRepair: true } : step;
}

/** What is not as it was placed is placed again, instead of being kept. */
function repairIfBroken(state: PlanContext["state"], step: Step): Step {
  const installation = step.kind === "keep" ? state.installations.get(step.resolution.name) : null;
  if (step.kind !== "keep" || installation === null) return step;
  const { broken, replaced } = state.profile.damage(installation);
  return broken.length + replaced.length === 0 ? step : { ...step, kind: "change", isRepair: true };
}

/** What can be planned, and what has failed already. If two packages would have the same name, the second fails. */
function sortOut(resolved: readonly Resolved[]) {
  const byName = new Map<string, Resolution>();
  const errors: PkgError[] = [];
  const failed: InstalledItem[] = [];
  for (const item of resolved) {
    const error = "error" in item ? item.error : clashOf(item.resolution, byName);
    if (error !== null) {
      errors.push(error);
      failed.push({ action: "fail", name: item.requested, error: describeFailure(error) });
    } else if ("resolution" in item) byName.set(item.resolution.name, item.resolution);
  }
  return { resolutions: [...byName.values()], errors, failed };
}

function clashOf(resolution: Resolution, byName: ReadonlyMap<string, Resolution>): PkgError | null {
  const other = byName.get(resolution.name);
  if (other === undefined || isSameChoice(other, resolution)) return null;
  return new PkgError(
    "PACKAGE_AMBIGUOUS",
    `Cannot install "${resolution.requested}": "${other.requested}" was named too, and both would be "${resolution.name}"`,
    { hint: "Name one of them" },
  );
}

function isSameChoice(a: Resolution, b: Resolution): boolean {
  return a.packageId === b.packageId && a.repository === b.repository && a.version === b.version;
}
