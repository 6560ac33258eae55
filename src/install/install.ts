import type { EmitEvent } from "../base/events.ts";
import type { Capabilities, State } from "../capabilities/capabilities.ts";
import { describeFailure, type WithErrors } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import { checkLinking, hostLibraries, lookUpNeeded } from "../obtain/check-linking.ts";
import { discardBlobs } from "../obtain/discard-blobs.ts";
import { type ObtainedStep, obtainPlan } from "../obtain/obtain-plan.ts";
import { isRecorded } from "../obtain/stored-records.ts";
import { isPortableMark } from "../package/holdings.ts";
import { changesAnything, type Plan, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { LinkedFile } from "../pour/take-keg.ts";
import { unsignedNotice } from "../repositories/unsigned-notice.ts";
import { type SourceContext, sourceContext } from "../sources/source-context.ts";
import { warmSources } from "../sources/warm-sources.ts";
import type { Installations } from "../state/installations.ts";
import { type AppliedStep, applyPlan } from "./apply-plan.ts";
import type { ReleasedStay } from "./apply-unit.ts";
import { bringCompiler } from "./bring-compiler.ts";
import { failWhole, leftAlone } from "./fail-whole.ts";
import { type Foreseen, foresee, foreseenFailures } from "./foresee.ts";
import type { ApplyOptions, InstalledItem, InstallOutcome, InstallPlan } from "./install-outcome.ts";
import { tellDeprecated } from "./keg-concerns.ts";
import { obtainAnew } from "./obtain-anew.ts";
import { type RepairCapabilities, repair } from "./repair.ts";
import { searchPlace } from "./search-path.ts";
import { tellNoexec } from "./tell-noexec.ts";
import { tellNotPortable } from "./tell-not-portable.ts";
import { tellPlan } from "./tell-plan.ts";
import { tellSearchPath } from "./tell-search-path.ts";
import { tellSharePath } from "./tell-share-path.ts";

/**
 * Obtains what a plan needs, then applies all of it as one journalled unit; a package that fails does not affect the others.
 *
 * @throws {PkgError} INTERRUPTED
 */
export async function installPlan(
  cap: Capabilities,
  installing: InstallPlan,
  options: ApplyOptions,
): Promise<WithErrors<InstallOutcome>> {
  const { items, failed, errors } = await carryOut(cap, installing, options);
  if (!options.dryRun) {
    const { installations } = await cap.records();
    const placed = { config: cap.config, emit: cap.emit, items, installations };
    tellSearchPath(placed);
    tellSharePath(placed);
    tellNoexec(placed);
    if (options.portable === true) tellNotPortable(placed);
    tellKegNotes(cap.emit, items);
  }
  const place = { binDirectory: cap.config.paths.bin, isOnPath: searchPlace(cap.config).isOnPath };
  return { outcome: { dryRun: options.dryRun, packages: [...items, ...failed], ...place }, errors };
}

/** What became of a plan, before anything is told of where it is. */
export interface CarriedOut {
  readonly items: readonly InstalledItem[];
  /** What could not be planned. */
  readonly failed: readonly InstalledItem[];
  readonly errors: readonly PkgError[];
}

/** As installPlan(), without a word on how to find what was placed: that is not always in a bin directory. @throws as there */
export async function carryOut(cap: Capabilities, installing: InstallPlan, options: ApplyOptions): Promise<CarriedOut> {
  const { plan, errors, failed } = installing;
  const refused = refusedAtOnce(installing, options);
  const open = { ...installing, plan: { ...plan, steps: plan.steps.filter((step) => !refused.has(step)) } };
  tellUnsigned(cap, open.plan);
  tellDeprecated(cap.emit, open.plan.steps);
  tellPlan(cap.emit, open);
  // Where nothing can be written, what is installed already is still found to be.
  const changesNothing = options.dryRun || !changesAnything(open.plan);
  const {
    steps,
    applied,
    removed,
    errors: unmet = [],
  } = changesNothing
    ? await foresee(cap, installing, options)
    : withRefused(refused, await obtainAndApply(cap, open, options));
  // Dependencies that stay as they are need not be mentioned.
  const released = new Set(plan.released?.map(({ name }) => name));
  const isTold = ({ kind, resolution: { name } }: Step) =>
    kind !== "keep" || !(released.has(name) || installing.needed.has(name));
  const told = steps.filter(isTold);
  const items = [...told.map((step) => itemOf(step, applied)), ...removed];
  const failures = [...applied].flatMap(([step, done]) => toldError(step, done));
  return { items, failed, errors: [...errors, ...failures, ...unmet] };
}

/** The steps that need a consent that is not there; where a plan is carried out whole, all others with them. */
function refusedAtOnce(installing: InstallPlan, options: ApplyOptions): Applied {
  const refused = foreseenFailures(installing, options);
  const [first] = [...refused.values()].flatMap((done) => (done.kind === "failed" ? [done.error] : []));
  if (options.isWhole !== true || first === undefined) return refused;
  const others = installing.plan.steps.filter((step) => step.kind !== "keep" && !refused.has(step));
  const left = others.map((step): [Step, AppliedStep] => {
    return [step, { kind: "failed", error: leftAlone(step.resolution.name, first), along: true }];
  });
  return new Map([...refused, ...left]);
}

/** What was done, and what was refused before. */
function withRefused(refused: Applied, done: Foreseen): Foreseen {
  return { ...done, steps: [...done.steps, ...refused.keys()], applied: new Map([...done.applied, ...refused]) };
}

/** Once everything is placed, so that it is read. */
function tellKegNotes(emit: EmitEvent, items: readonly InstalledItem[]): void {
  for (const note of items.flatMap((item) => ("notes" in item ? (item.notes ?? []) : []))) {
    const [message = "", ...more] = note.split("\n");
    emit({ kind: "note", message, more });
  }
}

type Applied = ReadonlyMap<Step, AppliedStep>;

/** A dependency that is left out because all that needs it has failed has no error of its own. */
function toldError({ resolution }: Step, done: AppliedStep): readonly PkgError[] {
  if (done.kind !== "failed" || (done.along === true && resolution.isDependency)) return [];
  return [done.error];
}

async function obtainAndApply(
  cap: RepairCapabilities & Pick<Capabilities, "config" | "network" | "retry">,
  installing: InstallPlan,
  options: ApplyOptions,
): Promise<Foreseen> {
  const { config, emit, now, retry, signal } = cap;
  const { concurrency } = config;
  const sources = sourceContext(cap);
  const { plan } = installing;
  // Connections are made, and threads start, while the records are opened and it is looked what has to be repaired.
  await warmFor(sources, newIn(plan));
  const state = await cap.state();
  const { blobs, installations, generations } = state;
  await warmFor(sources, fetchedAnew(state, plan));
  const repaired = await repairAll(cap, plan, options);
  const rest = { ...plan, steps: plan.steps.filter((step) => !repaired.has(step)) };
  const place = { machine: config, searchPath: config.searchPath };
  const { prefix, bin, share } = config.paths;
  const isPortable = portability({ config, installations }, options);
  const making = { places: { bin, share }, isPortable };
  const context = { sources, blobs, installations, generations, place, prefix, making, emit, now, retry, signal };
  const libraries = hostLibraries(config);
  const lookUp = (linked: readonly LinkedFile[]) => lookUpNeeded(libraries, linked);
  const obtaining = { ...options, concurrency, ...(options.isWhole === true ? { leftAlone } : {}) };
  const asked = await obtainAnew({ ...context, lookUp }, { ...installing, plan: rest }, obtaining);
  const linking = { installed: installations.list, host: config.host, libraries, emit };
  const anew = await bringCompiler(
    {
      ...linking,
      along: installing.along,
      obtain: (more) => obtainPlan(context, more, { concurrency, check: () => {} }),
    },
    asked,
  );
  await endThreads(anew.obtained);
  const linkable = checkLinking(linking, anew.obtained);
  const startable = options.isWhole === true ? failWhole(linkable) : linkable;
  const isLeft = options.isWhole === true && startable.some(({ kind }) => kind === "failed");
  const { released = [] } = isLeft ? { released: [] } : plan;
  const placing = { state, names: config, share: config.share, emit, now };
  const applied = await applyPlan(placing, startable, { ...options, released });
  discardUnplaced(state, anew.obtained, applied.steps);
  return {
    steps: [...repaired.keys(), ...anew.steps],
    applied: new Map<Step, AppliedStep>([...repaired, ...applied.steps]),
    removed: [...applied.removed, ...applied.stays.map(stayingItem)],
    errors: applied.stays.flatMap((item) => (item.kind === "failed" ? [item.error] : [])),
  };
}

function newIn({ steps }: Plan): readonly Resolution[] {
  return steps.filter(({ kind }) => kind === "install").map(({ resolution }) => resolution);
}

/** What replaces what is installed, and is going to be fetched: what was installed before is most likely in the store, where it is told by its record. */
function fetchedAnew(records: Pick<State, "installations" | "generations">, { steps }: Plan): readonly Resolution[] {
  const changing = steps.filter(({ kind, resolution }) => kind === "change" && !isRecorded(records, resolution));
  return changing.map(({ resolution }) => resolution);
}

async function warmFor(sources: SourceContext, resolutions: readonly Resolution[]): Promise<void> {
  await warmSources(sources, resolutions);
  const bottles = resolutions.filter(({ origin }) => origin.kind === "bottle").length;
  if (bottles > 0) (await import("../pour/keg-threads.ts")).warmKegThreads(bottles);
}

/** All bottles are there. */
async function endThreads(obtained: readonly ObtainedStep[]): Promise<void> {
  const hasBottles = obtained.some((step) => step.kind === "obtained" && step.package.keg !== null);
  if (hasBottles) (await import("../pour/keg-threads.ts")).endKegThreads();
}

/** What is not asked for any more, and stays. */
function stayingItem(stay: ReleasedStay): InstalledItem {
  if (stay.kind === "failed") return { action: "fail", name: stay.name, error: describeFailure(stay.error) };
  const { name, version, repository, isDependency } = stay.installation;
  return { action: "mark", name, version, repository, isDependency };
}

/** Whether an AppImage gets directories of its own: as it was typed, or as the config says, or as it is. */
function portability(
  { config, installations }: Pick<Capabilities, "config"> & { readonly installations: Pick<Installations, "get"> },
  { portable }: ApplyOptions,
): (name: string) => boolean {
  const isSo = (name: string) => installations.get(name)?.files.some(({ path }) => isPortableMark(path)) === true;
  return (name) => portable === true || (config.packages[name]?.portable ?? isSo(name));
}

/** The files of bottles that were not placed go: a later try would fetch the bottle again all the same. */
function discardUnplaced(
  state: Pick<State, "blobs" | "installations">,
  obtained: readonly ObtainedStep[],
  applied: Applied,
): void {
  const unplaced = obtained.flatMap((item) => {
    const isLeft = item.kind === "obtained" && item.package.keg !== null && applied.get(item.step)?.kind === "failed";
    return isLeft ? item.package.verified.files : [];
  });
  discardBlobs(state, unplaced);
}

/** What is repaired from the store, without a request; what it does not hold in full is fetched like anything else. */
async function repairAll(cap: RepairCapabilities, { steps }: Plan, { force }: ApplyOptions): Promise<Applied> {
  const repaired = new Map<Step, AppliedStep>();
  for (const step of steps) {
    if (step.kind !== "change" || step.isRepair !== true) continue;
    const { name, indexSigned } = step.resolution;
    const done = await repair(cap, name, { force, indexSigned });
    if (done !== null) repaired.set(step, done);
  }
  return repaired;
}

function itemOf(step: Step, applied: Applied): InstalledItem {
  const done = applied.get(step);
  if (done === undefined) return describeStep(step);
  if (done.kind === "applied") return done.item;
  return { action: "fail", name: step.resolution.requested, error: describeFailure(done.error) };
}

/** Says which repositories that something new comes from have an index that nobody signed. */
function tellUnsigned({ config, emit }: Pick<Capabilities, "config" | "emit">, { steps }: Plan): void {
  const changing = steps.filter(({ kind, resolution }) => kind !== "keep" && resolution.indexSigned === false);
  const names = new Set(changing.map(({ resolution }) => resolution.repository));
  for (const repository of config.repositories.filter(({ name }) => names.has(name))) {
    emit({ kind: "note", message: unsignedNotice(repository) });
  }
}

function describeStep(step: Step): InstalledItem {
  const { name, version, repository, isDependency, origin, expected, policy, indexSigned } = step.resolution;
  const isKept = step.kind === "keep" || (step.kind === "mark" && step.from.isDependency === isDependency);
  if (isKept) return { action: "keep", name, version, repository, isDependency, orphaned: false };
  const previousVersion = step.kind === "install" ? null : step.from.version;
  return {
    action: "plan",
    step: step.kind,
    ...{ name, version, previousVersion, repository, isDependency },
    ...{ sizeBytes: expected.sizeBytes, reference: origin.text, indexSigned },
    checks: policy.require,
  };
}
