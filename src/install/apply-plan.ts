import type { EmitEvent } from "../base/events.ts";
import type { State } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { isSameOwner } from "../plan/plan.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import { discardBlobs } from "./discard-blobs.ts";
import type { ApplyOptions, ChangingStep, InstalledItem } from "./install-outcome.ts";
import { draftInstallation } from "./installation-draft.ts";
import { concernsOf, type NameConfig, ownInstallation, refuseWithoutConsent } from "./name-concerns.ts";
import { archivesOf } from "./obtain-package.ts";
import type { ObtainedStep } from "./obtain-plan.ts";
import { tellGivenBack, tellKept, tellTaken } from "./tell-kept.ts";

export interface ApplyContext {
  readonly state: State;
  readonly names: NameConfig;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The outcome of one step. */
export type AppliedStep =
  | { readonly kind: "applied"; readonly item: InstalledItem }
  | { readonly kind: "failed"; readonly error: PkgError };

type PlaceOptions = Pick<ApplyOptions, "force" | "consent">;

type Obtained = ObtainedStep & { readonly kind: "obtained" };

/**
 * Places all that was obtained as one journalled unit, under the lock. Packages that cannot be placed are reported, and the
 * rest is placed.
 *
 * @throws {PkgError} INTERRUPTED, LOCKED; those of the database
 */
export async function applyPlan(
  context: ApplyContext,
  steps: readonly ObtainedStep[],
  options: PlaceOptions,
): Promise<ReadonlyMap<ChangingStep, AppliedStep>> {
  const obtained = steps.filter((step) => step.kind === "obtained");
  const applied = obtained.length === 0 ? [] : await applyObtained(context, obtained, options);
  discardBlobs(
    context.state,
    obtained.flatMap((step) => archivesOf(step.package.verified)),
  );
  const failed = steps.filter((step) => step.kind === "failed");
  return new Map([...failed.map((step) => [step.step, step] as const), ...applied]);
}

async function applyObtained(
  context: ApplyContext,
  obtained: readonly Obtained[],
  options: PlaceOptions,
): Promise<readonly (readonly [ChangingStep, AppliedStep])[]> {
  const { state, emit } = context;
  for (const { step } of obtained) emit({ kind: "task-step", id: step.resolution.name, step: "place" });
  const results = await state.withLock(() => placeAll(context, obtained, options));
  return obtained.map((item) => [item.step, told(context, item, results.get(item))] as const);
}

function placeAll(
  context: ApplyContext,
  obtained: readonly Obtained[],
  options: PlaceOptions,
): ReadonlyMap<Obtained, ChangeResult> {
  const results = new Map<Obtained, ChangeResult>();
  for (const item of obtained) {
    const error = refusalOf(context, item, options);
    if (error !== null) results.set(item, { kind: "failed", error });
  }
  const open = obtained.filter((item) => !results.has(item));
  const placed = context.state.profile.apply(
    open.map((item) => ({ kind: "place", verified: item.package.verified, installation: draftOf(context, item) })),
    options,
  );
  for (const [index, result] of placed.entries()) {
    const item = open[index];
    if (item !== undefined) results.set(item, result);
  }
  return results;
}

/** Why a step may not be carried out; null when it may. */
function refusalOf(context: ApplyContext, item: Obtained, { consent }: PlaceOptions): PkgError | null {
  try {
    checkAssumptions(context.state, item.step);
    checkNames(context, item, consent);
    return null;
  } catch (error) {
    return asFailure(error);
  }
}

function draftOf({ now }: ApplyContext, { package: { resolution, verified, links } }: Obtained): Installation {
  return draftInstallation({ resolution, verified, links, installedAt: new Date(now()).toISOString() });
}

function told(context: ApplyContext, item: Obtained, result: ChangeResult | undefined): AppliedStep {
  const id = item.step.resolution.name;
  if (result?.kind === "failed") {
    context.emit({ kind: "task-failed", id, error: result.error });
    return { kind: "failed", error: result.error };
  }
  if (result?.kind !== "placed") throw new Error(`"${id}" was neither placed nor refused`);
  context.emit({ kind: "task-done", id, summary: "placed" });
  tellKept(context.emit, id, result.kept);
  tellTaken(context.emit, id, result.taken);
  tellGivenBack(context.emit, result.givenBack);
  return { kind: "applied", item: installedItem(context, item, result) };
}

function installedItem(
  { now }: ApplyContext,
  { step, package: { verified, receivedBytes }, startedAt }: Obtained,
  { installation, kept, taken, givenBack }: ChangeResult & { readonly kind: "placed" },
): InstalledItem {
  const { evidence } = verified;
  const previousVersion = step.kind === "change" ? step.from.version : null;
  const { name, version, repository, sizeBytes, links } = installation;
  return {
    action: step.kind === "install" ? "install" : previousVersion === version ? "reinstall" : "change",
    ...{ name, version, previousVersion, repository, sizeBytes, bytesReceived: receivedBytes },
    durationMs: now() - startedAt,
    signedBy: evidence.signedBy,
    indexSigned: step.resolution.indexSigned,
    checks: evidence.checks,
    skipped: evidence.skipped,
    links: links.map((link) => link.path),
    ...{ kept, taken, givenBack },
  };
}

/** Links that were not known before the package was fetched may still need a yes. */
function checkNames(
  { state, names }: ApplyContext,
  { package: { resolution, links } }: Obtained,
  consent: ApplyOptions["consent"],
): void {
  const own = ownInstallation(state.installations, resolution);
  const wanted = links.map(({ link }) => link);
  const concerns = concernsOf(names, wanted, own);
  if (concerns.length > 0) refuseWithoutConsent({ kind: "names", name: resolution.name, concerns }, consent);
}

/** Another process may have changed the installation since it was planned. */
function checkAssumptions({ installations }: State, step: ChangingStep): void {
  const { name } = step.resolution;
  const now = installations.get(name);
  const expected = step.kind === "change" ? step.from : null;
  if (now === null ? expected === null : expected !== null && isUnchanged(now, expected)) return;
  throw new PkgError(
    "STATE_CHANGED",
    `Cannot install "${name}": another process changed it in the meantime (expected ${expected?.version ?? "not installed"}, found ${now?.version ?? "not installed"})`,
    { hint: "Run the command again" },
  );
}

function isUnchanged(now: Installation, from: (ChangingStep & { readonly kind: "change" })["from"]): boolean {
  return now.version === from.version && now.programDigest === from.programDigest && isSameOwner(now, from);
}
