import type { EmitEvent } from "../base/events.ts";
import type { State } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { compareVersions } from "../package/version.ts";
import { type InstalledState, isSameOwner } from "../plan/plan.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import { discardBlobs } from "./discard-blobs.ts";
import type { ApplyOptions, ChangingStep, InstalledItem } from "./install-outcome.ts";
import { draftInstallation } from "./installation-draft.ts";
import {
  concernsOf,
  type NameConfig,
  ownInstallation,
  questionsOf,
  refuseUnanswered,
  refuseWithoutConsent,
} from "./name-concerns.ts";
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

/** `kept`: another process has placed the same in the meantime. */
type PlacedStep = ChangeResult | { readonly kind: "kept"; readonly installation: Installation };

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
): ReadonlyMap<Obtained, PlacedStep> {
  const results = new Map<Obtained, PlacedStep>();
  for (const item of obtained) {
    const settled = settledAlready(context, item, options);
    if (settled !== null) results.set(item, settled);
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

/** What became of a step that nothing is placed for, as it may not be or need not be; null when it is to be carried out. */
function settledAlready(context: ApplyContext, item: Obtained, { consent }: PlaceOptions): PlacedStep | null {
  try {
    const now = context.state.installations.get(item.step.resolution.name);
    if (!isAsPlanned(item.step, now)) {
      if (now !== null && isWhatIsWanted(now, draftOf(context, item))) return { kind: "kept", installation: now };
      checkChanged(context, item, { now, consent });
    }
    checkNames(context, item, consent);
    return null;
  } catch (error) {
    return { kind: "failed", error: asFailure(error) };
  }
}

function draftOf({ now }: ApplyContext, { package: { resolution, verified, links, keg } }: Obtained): Installation {
  return draftInstallation({ resolution, verified, links, keg, installedAt: new Date(now()).toISOString() });
}

function told(context: ApplyContext, item: Obtained, result: PlacedStep | undefined): AppliedStep {
  const id = item.step.resolution.name;
  if (result?.kind === "failed") {
    context.emit({ kind: "task-failed", id, error: result.error });
    return { kind: "failed", error: result.error };
  }
  if (result?.kind === "kept") {
    context.emit({ kind: "task-done", id, summary: "installed by another process" });
    const { name, version, repository } = result.installation;
    return { kind: "applied", item: { action: "keep", name, version, repository, orphaned: false } };
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
  { installation, replaced, kept, taken, givenBack }: ChangeResult & { readonly kind: "placed" },
): InstalledItem {
  const { evidence } = verified;
  const previousVersion = replaced?.version ?? null;
  const { name, version, repository, sizeBytes, links } = installation;
  return {
    action: replaced === null ? "install" : previousVersion === version ? "reinstall" : "change",
    ...{ name, version, previousVersion, repository, sizeBytes, bytesReceived: receivedBytes },
    durationMs: now() - startedAt,
    signedBy: evidence.signedBy,
    indexSigned: step.resolution.indexSigned,
    checks: evidence.checks,
    skipped: evidence.skipped,
    links: programLinks(links).map((link) => link.path),
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
function isAsPlanned(step: ChangingStep, now: Installation | null): boolean {
  if (step.kind === "install") return now === null;
  return now !== null && isSameState(now, step.from);
}

function isWhatIsWanted(now: Installation, wanted: Installation): boolean {
  return isSameState(now, wanted) && now.publisherKey === wanted.publisherKey;
}

function isSameState(now: Installation, other: InstalledState): boolean {
  return now.version === other.version && now.programDigest === other.programDigest && isSameOwner(now, other);
}

/**
 * Looks again at what another process has changed: an older version is replaced, as if it had been there from the start.
 *
 * @throws {PkgError} STATE_CHANGED for a newer version, or none; those of refuseUnanswered()
 */
function checkChanged(
  { names, state }: ApplyContext,
  { step: { resolution, ...planned } }: Obtained,
  { now, consent }: { readonly now: Installation | null; readonly consent: ApplyOptions["consent"] },
): void {
  if (now === null || compareVersions(now.version, resolution.version) >= 0) {
    const expected = planned.kind === "change" ? planned.from.version : "not installed";
    throw new PkgError(
      "STATE_CHANGED",
      `Cannot install "${resolution.name}": another process changed it in the meantime (expected ${expected}, found ${now?.version ?? "not installed"})`,
      { hint: "Run the command again" },
    );
  }
  const questions = questionsOf(names, state.installations, { kind: "change", resolution, from: now });
  refuseUnanswered(questions, resolution.name, consent);
}
