import { PkgError } from "../errors.ts";
import { openDirectory, syncDirectory } from "../fs/directories.ts";
import type { Installation } from "../package/installation.ts";
import { isInPrefix, isInTree } from "../package/place.ts";
import type { Cleanup, Intent } from "../state/intent.ts";
import type { ChangePlan, DraftedChange, PlannedChange, TakenPlaces } from "./change-plan.ts";
import { type Kept, NOTHING_KEPT } from "./clear-directory.ts";
import type { GivenBack } from "./give-back.ts";
import type { KeptByName } from "./package-cleanup.ts";
import { applyIntent, cleanUp, PackageFailure, type PlacementContext } from "./placement.ts";
import { linkPath, type Places } from "./places.ts";
import { planChanges } from "./plan-changes.ts";
import { rollBack, succeeds } from "./roll-back.ts";
import type { PrefixNotes } from "./tree-links.ts";

/** The outcome of one change. */
export type ChangeResult =
  | {
      readonly kind: "placed";
      /** As recorded: its directory may have got a different name than requested. */
      readonly installation: Installation;
      readonly replaced: Installation | null;
      /** True when everything was already in place, and only the record was renewed. */
      readonly unchanged: boolean;
      /** Absolute paths of what was beside the files of the version before: it moved along, or was left. */
      readonly kept: Kept;
      readonly taken: TakenPlaces;
      /** The places in the prefix that it wanted and could not have. */
      readonly notes: PrefixNotes;
      readonly givenBack: readonly GivenBack[];
    }
  /** `left`: paths of links that somebody has changed since; these stay. `kept`: what was beside its files stays too. */
  | {
      readonly kind: "removed";
      readonly left: readonly string[];
      readonly kept: Kept;
      readonly givenBack: readonly GivenBack[];
    }
  /** Nothing was changed for it. */
  | { readonly kind: "failed"; readonly error: PkgError };

/** Why changes cannot be made, by the names of their packages. */
export type Failures = ReadonlyMap<string, PkgError>;

/** How changes are made. */
export interface ChangeOptions {
  readonly force: boolean;
  /** What else is left out where some changes fail, and why; absent: nothing. */
  readonly failAlong?: (failures: Failures) => Failures;
  /** Places where a file or link that is not ours is moved aside also without `force`; absent: none. */
  readonly movable?: ReadonlySet<string>;
  /** Whether a state comes back as a whole, as far as nothing fails: each package gets the links that are recorded, and no others. */
  readonly isExact?: boolean;
  /** The generation whose state this brings back; absent: it is no undo. */
  readonly stateOf?: number;
}

/** Makes all changes as one unit. If one package fails, the unit is undone and applied again without it, and what fails along. */
export function applyChanges(
  context: PlacementContext,
  changes: readonly DraftedChange[],
  { force, movable = new Set(), isExact = false, failAlong = () => new Map(), stateOf }: ChangeOptions,
): readonly ChangeResult[] {
  const failures = new Map<string, PkgError>();
  const fail = (more: Failures) => {
    for (const [name, error] of more) failures.set(name, error);
    const along = failAlong(failures);
    for (const [name, error] of along) if (!failures.has(name)) failures.set(name, error);
    return along.size > 0;
  };
  for (;;) {
    const open = changes.filter((change) => !failures.has(nameOf(change)));
    const plan = planChanges({ ...context, isExact: isExact && failures.size === 0 }, open, { force, movable });
    const refused = open.flatMap((change, index) => refusalOf(change, plan.planned[index]));
    if (refused.length > 0 && fail(new Map(refused))) continue;
    const origin = { ...context.origin(), stateOf: stateOf ?? null };
    const done = perform(context, { ...plan.intent, origin });
    const { failure } = done;
    if (failure instanceof PackageFailure && open.some((change) => nameOf(change) === failure.package))
      fail(new Map([[failure.package, failure.cause]]));
    else return changes.map((change) => resultOf(change, { places: context, plan, open, failures, ...done }));
  }
}

function refusalOf(change: DraftedChange, planned: PlannedChange | undefined): readonly [string, PkgError][] {
  return planned?.kind === "fail" ? [[nameOf(change), planned.error]] : [];
}

interface Applied {
  readonly plan: ChangePlan;
  readonly open: readonly DraftedChange[];
  readonly failures: Failures;
  /** Why the whole unit failed; null when it did not. */
  readonly failure: PkgError | PackageFailure | null;
  readonly kept: KeptByName;
  readonly places: Places;
}

function resultOf(
  change: DraftedChange,
  { places, plan, open, failures, failure, kept: allKept }: Applied,
): ChangeResult {
  const own = failures.get(nameOf(change));
  if (own !== undefined) return { kind: "failed", error: own };
  const planned = plan.planned[open.indexOf(change)];
  if (planned === undefined) throw new Error(`"${nameOf(change)}" was not planned`);
  if (planned.kind === "fail") return { kind: "failed", error: planned.error };
  if (failure instanceof PkgError) return { kind: "failed", error: failure };
  const former = change.kind === "remove" ? change.installation : change.replaced;
  const released = new Set(former?.links.map(({ path }) => linkPath(places, path)));
  const givenBack = plan.givenBack.filter(({ path }) => released.has(path));
  const kept = allKept.get(nameOf(change)) ?? NOTHING_KEPT;
  if (planned.kind === "remove") return { kind: "removed", left: planned.left, kept, givenBack };
  if (change.kind === "remove") throw new Error(`"${nameOf(change)}" was placed, not removed`);
  const { replaced } = change;
  const unchanged = change.kind === "mark" || change.isInPlace;
  return {
    kind: "placed",
    installation: planned.installation,
    replaced,
    unchanged,
    kept,
    taken: planned.taken,
    notes: planned.notes,
    givenBack,
  };
}

function nameOf(change: DraftedChange): string {
  return change.kind === "remove" ? change.installation.name : change.draft.name;
}

/** After a failure, everything is as it was before, or the journal has what is needed to restore it. */
function perform(context: PlacementContext, intent: Intent): Pick<Applied, "failure" | "kept"> {
  const { installs, removals, renewals } = intent;
  const nothing: KeptByName = new Map();
  if (installs.length + removals.length + renewals.length === 0) return { failure: null, kept: nothing };
  try {
    return { failure: null, kept: journalled(context, intent) };
  } catch (error) {
    if (error instanceof PkgError || error instanceof PackageFailure) return { failure: error, kept: nothing };
    throw error;
  }
}

function journalled(context: PlacementContext, intent: Intent): KeptByName {
  makePlaces(context, intent);
  const id = context.journal.begin(intent);
  let cleanup: Cleanup;
  try {
    cleanup = applyIntent(context, id, intent);
  } catch (error) {
    throw rollBack(context, id, { intent, error });
  }
  // The change is recorded and in force. What cannot be cleaned up stays in the journal, for the next start.
  let kept: KeptByName = new Map();
  succeeds(() => {
    kept = cleanUp(context, id, cleanup);
  });
  return kept;
}

/** Mostly beside each other, so that one sync makes both durable. */
function makePlaces({ packagesDirectory, binDirectory }: Places, { installs, links }: Intent): void {
  const entered = new Set<string>();
  const onEntry = (directory: string) => void entered.add(directory);
  if (installs.some(({ staging }) => !isInPrefix(staging))) openDirectory(packagesDirectory, onEntry);
  if (links.some(({ path }) => !isInTree(path))) openDirectory(binDirectory, onEntry);
  for (const directory of entered) syncDirectory(directory);
}
