import { givenWith } from "../base/given-with.ts";
import { listSome } from "../base/lists.ts";
import { addAll } from "../base/many.ts";
import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { ImageWish } from "../package/image.ts";
import type { Waiver } from "../package/policy.ts";
import { failAlong } from "../plan/fail-along.ts";
import { isPlacing, makePlan, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { refuseOtherPrefix } from "../profile/prefix.ts";
import { fetchNewer } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { closeOver } from "../resolve/close-over.ts";
import { withDependencies } from "../resolve/closure.ts";
import { Looking } from "../resolve/looking.ts";
import { type ResolveCapabilities, type Resolved, resolveSpecs } from "../resolve/resolve.ts";
import { type ChoosePackage, settleAmbiguous } from "../resolve/settle-ambiguous.ts";
import { isReference } from "../resolve/spec.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { partOf } from "./apply-unit.ts";
import type { InstalledItem, InstallPlan, PlannedAlong } from "./install-outcome.ts";
import { conflictsIn } from "./keg-concerns.ts";
import { type NameConfig, type Question, questionsOf } from "./name-concerns.ts";
import { openForChange } from "./open-for-change.ts";
import { wordFor } from "./reinstall-hint.ts";

export interface InstallRequest {
  readonly specs: readonly string[];
  readonly reinstall: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of direct references; null: none was given. */
  readonly key: string | null;
  /** What is wanted of an image; absent: nothing was said. */
  readonly image?: ImageWish;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Asks which package an ambiguous name means; without it, such a name is an error. */
  readonly choose?: ChoosePackage;
}

/** Resolves and plans what was named, and changes nothing; a package that fails does not affect the others. */
export async function planInstall(cap: Capabilities, request: InstallRequest): Promise<InstallPlan> {
  checkKey(request);
  checkImage(request);
  await openForChange(cap, request.dryRun);
  const looking = new Looking(cap, request);
  try {
    const plan = await planSpecs(cap, request, looking);
    return {
      ...plan,
      renew: (gone) => renewPlan(cap, { request, gone, looked: looking }),
      along: (needers, name) => planAlong(cap, { needers, name }, { skip: request.skip, tried: looking.tried }),
    };
  } finally {
    looking.close();
  }
}

async function planSpecs(cap: ResolveCapabilities, request: InstallRequest, looking: Looking): Promise<InstallPlan> {
  const { choose = async () => null } = request;
  const specs = request.reinstall ? asInstalled(request.specs, await cap.records()) : request.specs;
  const found = joinVersions(await resolveSpecs(cap, specs, request, looking));
  const settled = await settleAmbiguous(cap, found, { ...request, looking, choose });
  const resolved = await closeOverAll(cap, settled, { looking, skip: request.skip });
  const state = await cap.records();
  return planResolved({ state, names: cap.config }, resolved, { ...request, repairs: true });
}

/** What is placed again by its name is what is installed under it, which no index knows if it came by its reference. */
function asInstalled(specs: readonly string[], { installations }: Records): readonly string[] {
  return specs.map((spec) => {
    const installed = isReference(spec) ? null : installations.get(spec);
    return installed?.repository === null ? wordFor(installed) : spec;
  });
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
  {
    request,
    gone,
    looked,
  }: { readonly request: InstallRequest; readonly gone: readonly Resolution[]; readonly looked: Looking },
): Promise<InstallPlan | null> {
  const tried = await fetchForGone(cap, gone, looked.tried);
  if (tried === null) return null;
  const looking = new Looking(cap, { ...request, tried });
  try {
    return await planSpecs(cap, request, looking);
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

/** A closure may have thousands. */
const MAX_NAMED = 5;

/**
 * Fetches the indexes again that name what is gone, unless this run has asked for them; gives all that it has asked for
 * then, and null if no index has changed.
 */
export async function fetchForGone(
  cap: SyncCapabilities,
  gone: readonly Resolution[],
  tried: ReadonlySet<string>,
): Promise<ReadonlySet<string> | null> {
  const names = gone.flatMap(({ repository }) => (repository === null || tried.has(repository) ? [] : repository));
  const what = listSome(
    gone.map(({ name }) => `"${name}"`),
    MAX_NAMED,
  );
  const isDownload = gone.every(({ origin }) => origin.kind === "download");
  const missing = isDownload
    ? `there is no ${what} as it should be`
    : `its registry does not have ${what}, which it should have`;
  const newer = await fetchNewer(cap, new Set(names), `${missing} by`);
  return newer.isNewer ? new Set([...tried, ...newer.tried]) : null;
}

/** Whoever types `curl 8` may mean curl in version 8, if there is no package called 8. */
function joinVersions(resolved: readonly Resolved[]): readonly Resolved[] {
  return resolved.map((item, index) => {
    const before = resolved[index - 1]?.requested ?? "";
    const isVersion = /^v?\d[\w.+-]*$/.test(item.requested) && /^[\w.+/#-]+$/.test(before);
    if (!("error" in item) || item.error.code !== "PACKAGE_NOT_FOUND" || !isVersion) return item;
    const { code, message } = item.error;
    const hint = `Did you mean "${before}@${item.requested}", in one word?`;
    return { requested: item.requested, error: new PkgError(code, message, { hint, cause: item.error }) };
  });
}

/** Checks --key, which only references take: repositories have keys of their own. @throws {PkgError} USAGE, KEY_INVALID */
function checkKey({ key, specs }: InstallRequest): void {
  if (key === null) return;
  givenWith("--key", () => parsePublicKey(key));
  const named = specs.find((text) => !isReference(text));
  if (named === undefined) return;
  throw new PkgError("USAGE", `Cannot use --key for "${named}": expected a reference such as ghcr.io/me/tools/trurl`, {
    hint: "The packages of a repository are checked with its own keys; `pkg repo list` shows them",
  });
}

/** Checks --program and --with-libraries, which one image takes. @throws {PkgError} USAGE */
function checkImage({ image, specs }: InstallRequest): void {
  if (image === undefined) return;
  const option = image.programs.length > 0 ? "--program" : "--with-libraries";
  const [only = "", ...others] = specs;
  if (others.length === 0 && isReference(only)) return;
  const found = others.length === 0 ? `"${only}"` : `${specs.length} packages`;
  throw new PkgError("USAGE", `Cannot use ${option} for ${found}: expected one container image`, {
    hint: "Name an image by its reference, such as ghcr.io/astral-sh/uv",
  });
}

interface PlanContext {
  readonly state: Pick<Records, "installations" | "profile">;
  readonly names: NameConfig;
}

/** The plan of what was resolved; `update` shares it. */
export function planResolved(
  { state, names }: PlanContext,
  resolved: readonly Resolved[],
  options: Pick<InstallRequest, "reinstall"> & { readonly repairs: boolean },
): InstallPlan {
  const { resolutions, errors, failed } = sortOut(resolved);
  const { installations } = state;
  const how = { ...options, needed: namesNeeded(resolved) };
  const { steps: wanted, bytes } = makePlan(resolutions, (name) => installations.get(name), how);
  const steps = options.repairs ? wanted.map((step) => repairIfBroken(state, step)) : wanted;
  const questions: Question[] = [];
  const refused = new Map(conflictsIn(steps, installations));
  for (const step of steps) {
    try {
      if (isPlacing(step) && step.resolution.keg !== null) refuseOtherPrefix(names.paths.prefix, installations);
      addAll(questions, questionsOf(names, installations, step));
    } catch (error) {
      // A reference may lead to something that is not a package.
      refused.set(step.resolution.name, asFailure(error));
    }
  }
  const along = failAlong(
    steps.map((step) => partOf({ step })),
    refused,
  );
  const planned = steps.filter(({ resolution: { name } }) => !refused.has(name) && !along.has(name));
  for (const { resolution } of steps) {
    const own = refused.get(resolution.name);
    const error = own ?? along.get(resolution.name);
    if (error === undefined) continue;
    // What is wrong with the prefix is wrong for all bottles, and told once.
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
