import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { MarkedStep, ObtainedStep } from "../obtain/obtain-plan.ts";
import { aliasLinks } from "../package/alias-links.ts";
import { compareEditions } from "../package/edition.ts";
import type { Installation } from "../package/installation.ts";
import { isInPrefix, programLinks } from "../package/place.ts";
import type { Link } from "../package/provides.ts";
import { type ChangingStep, type InstalledState, isSameOwner } from "../plan/plan.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import type { ProfileChange } from "../profile/profile.ts";
import type { ApplyContext } from "./apply-context.ts";
import type { ApplyOptions } from "./install-outcome.ts";
import { draftInstallation, heldLinks } from "./installation-draft.ts";
import { withLinksAsBefore } from "./linked-keg.ts";
import {
  concernsOf,
  ownInstallation,
  ownName,
  questionsOf,
  refuseUnanswered,
  refuseWithoutConsent,
} from "./name-concerns.ts";
import { refuseIfPinned } from "./refuse-if-pinned.ts";

/** A step that has everything it needs. */
export type ReadyStep = Exclude<ObtainedStep, { readonly kind: "failed" | "skipped" }>;

type Obtained = ReadyStep & { readonly kind: "obtained" };

/** What became of a step. `kept`: another process has placed the same in the meantime. */
export type PlacedStep =
  | Extract<ChangeResult, { readonly kind: "placed" }>
  | { readonly kind: "kept"; readonly installation: Installation }
  | { readonly kind: "failed"; readonly error: PkgError; readonly along?: boolean };

/** What a person allowed for all steps. */
export type PlaceOptions = Pick<ApplyOptions, "force" | "consent" | "isWhole">;

/** A change that leaves something placed. */
export type Placing = Extract<ProfileChange, { readonly kind: "place" | "mark" }>;

/** What is to be done for a step, as things are now. */
export type Decision = PlacedStep | { readonly kind: "change"; readonly change: Placing };

/** The name that a step installs under. */
export function nameOf({ step }: ReadyStep): string {
  return step.resolution.name;
}

/**
 * Decides what to do for a step, as things are now; what may not be done has failed, and nothing is thrown. The caller must hold the
 * lock.
 */
export function decide(context: ApplyContext, item: ReadyStep, { consent }: PlaceOptions): Decision {
  try {
    const now = context.state.installations.get(nameOf(item));
    const decision =
      item.kind === "marked" ? decideMark(context, item, now) : decidePlacing(context, item, { now, consent });
    if (decision.kind === "change") checkNames(context, decision.change.installation, consent);
    return decision;
  } catch (error) {
    return { kind: "failed", error: asFailure(error) };
  }
}

/** @throws {PkgError} STATE_CHANGED */
function decideMark({ share }: ApplyContext, { step, links }: MarkedStep, now: Installation | null): Decision {
  const { resolution, from } = step;
  if (now === null || !isSameState(now, from)) throw changedMeanwhile(step, now);
  const { dependencies, isDependency, requested, wish } = resolution;
  const pinned = resolution.isPinned === true ? { isPinned: true } : {};
  const asked = isDependency && now.isDependency ? {} : { isDependency: false, requested, wish, ...pinned };
  const installation = {
    ...now,
    dependencies,
    ...asked,
    ...(links === null ? {} : { links: linksFor({ ...now, ...asked }, links, share) }),
  };
  return { kind: "change", change: { kind: "mark", installation: withLinksAsBefore(installation, now) } };
}

/** Of those that it has, the ones in the prefix stay. */
function linksFor(
  installation: Installation,
  programs: readonly Link[],
  share: ApplyContext["share"],
): Installation["links"] {
  return [
    ...aliasLinks(installation, programs).links.map(({ link, title }) => ({
      path: link,
      target: title,
      kind: "link" as const,
    })),
    ...installation.links.filter(({ path }) => isInPrefix(path)),
    ...heldLinks(installation, { links: programs, files: installation.files, share }),
  ];
}

interface Now {
  readonly now: Installation | null;
  readonly consent: ApplyOptions["consent"];
}

/** @throws {PkgError} as checkChanged */
function decidePlacing(context: ApplyContext, item: Obtained, { now, consent }: Now): Decision {
  const draft = asKept(draftOf(context, item), now);
  const change = {
    kind: "change",
    change: { kind: "place", verified: item.package.verified, installation: draft },
  } as const;
  if (now !== null) refuseIfPinned(now, draft);
  if (isAsPlanned(item.step, now)) return change;
  if (now !== null && isWhatIsWanted(now, draft)) {
    if (draft.isDependency || !now.isDependency) return { kind: "kept", installation: now };
    // Another process has placed it, as a dependency only.
    const { isDependency, requested, wish, links } = draft;
    return { kind: "change", change: { kind: "mark", installation: { ...now, isDependency, requested, wish, links } } };
  }
  checkChanged(context, item, { now, consent });
  return change;
}

/** What a person has said of a package holds for each version of it. */
function asKept(draft: Installation, now: Installation | null): Installation {
  if (now === null || !isSameOwner(now, draft)) return draft;
  return withLinksAsBefore({ ...linkedAsBefore(draft, now), isPinned: now.isPinned || draft.isPinned }, now);
}

/** What an alias leaves out of the bin directory stays there where a person has linked it. */
function linkedAsBefore(draft: Installation, now: Installation): Installation {
  const linked = new Set(now.links.map(({ path }) => path));
  const isComing = ({ path }: Installation["taken"][number]) => draft.unlinked.includes(path) && linked.has(path);
  const left = draft.unlinked.filter((program) => !linked.has(program));
  return {
    ...draft,
    unlinked: [...new Set([...now.unlinked, ...left])],
    links: [...draft.links, ...draft.taken.filter(isComing)],
    taken: draft.taken.filter((link) => !isComing(link)),
  };
}

function draftOf(
  { now, share }: ApplyContext,
  { package: { resolution, verified, links, keg } }: Obtained,
): Installation {
  return draftInstallation({ resolution, verified, links, keg, share, installedAt: new Date(now()).toISOString() });
}

/** Links that were not known before the package was fetched may still need a yes. @throws {PkgError} NAME_PROTECTED */
function checkNames({ state, names }: ApplyContext, draft: Installation, consent: ApplyOptions["consent"]): void {
  const own = ownInstallation(state.installations, draft);
  const wanted = programLinks(draft.links).map(({ path }) => path);
  const concerns = concernsOf(names, wanted, { own, formula: ownName(names, draft) });
  if (concerns.length > 0) refuseWithoutConsent({ kind: "names", name: draft.name, concerns }, consent);
}

/** Another process may have changed the installation since it was planned. */
function isAsPlanned(step: ChangingStep, now: Installation | null): boolean {
  if (step.kind === "install") return now === null;
  return now !== null && isSameState(now, step.from) && now.isDependency === step.from.isDependency;
}

function isWhatIsWanted(now: Installation, wanted: Installation): boolean {
  return isSameState(now, wanted) && now.publisherKey === wanted.publisherKey;
}

/** Whether the same is installed still. */
export function isSameState(now: Installation, other: InstalledState): boolean {
  return now.version === other.version && now.programDigest === other.programDigest && isSameOwner(now, other);
}

/**
 * Looks again at what another process has changed: an older version is replaced, as if it had been there from the start.
 *
 * @throws {PkgError} STATE_CHANGED for a newer version, or none, or one that somebody asked for; those of refuseUnanswered()
 */
function checkChanged({ names, state }: ApplyContext, { step }: Obtained, { now, consent }: Now): void {
  const { resolution } = step;
  const isAsked = resolution.isDependency && now?.isDependency === false;
  if (now === null || isAsked || compareEditions(now, resolution) >= 0) throw changedMeanwhile(step, now);
  const questions = questionsOf(names, state.installations, { kind: "change", resolution, from: now });
  refuseUnanswered(questions, resolution.name, consent);
}

function changedMeanwhile(step: ChangingStep, now: Installation | null): PkgError {
  const expected = step.kind === "install" ? "not installed" : step.from.version;
  return new PkgError(
    "STATE_CHANGED",
    `Cannot install "${step.resolution.name}": another process changed it in the meantime (expected ${expected}, found ${now?.version ?? "not installed"})`,
    { hint: "Run the command again" },
  );
}
