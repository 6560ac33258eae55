import { basename } from "node:path";
import { PkgError } from "../errors.ts";
import { openDirectory } from "../fs/directories.ts";
import type { Installation } from "../package/installation.ts";
import type { Cleanup, Intent } from "../state/intent.ts";
import { type Kept, NOTHING_KEPT } from "./clear-directory.ts";
import type { GivenBack } from "./give-back.ts";
import type { KeptFiles } from "./package-cleanup.ts";
import { applyIntent, cleanUp, PackageFailure, type PlacementContext } from "./placement.ts";
import { type ChangePlan, type DraftedChange, planChanges, type TakenPlaces } from "./plan-changes.ts";
import { rollBack, succeeds } from "./roll-back.ts";

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

/** Makes all changes as one unit. If one package fails, the unit is undone and applied again without it. */
export function applyChanges(
  context: PlacementContext,
  changes: readonly DraftedChange[],
  force: boolean,
): readonly ChangeResult[] {
  const failures = new Map<DraftedChange, PkgError>();
  for (;;) {
    const open = changes.filter((change) => !failures.has(change));
    const plan = planChanges(context, open, force);
    const done = perform(context, plan.intent);
    const { failure } = done;
    const culprit =
      failure instanceof PackageFailure ? open.find((change) => nameOf(change) === failure.package) : null;
    if (failure instanceof PackageFailure && culprit) failures.set(culprit, failure.cause);
    else return changes.map((change) => resultOf(change, { plan, open, failures, ...done }));
  }
}

interface Applied {
  readonly plan: ChangePlan;
  readonly open: readonly DraftedChange[];
  readonly failures: ReadonlyMap<DraftedChange, PkgError>;
  /** Why the whole unit failed; null when it did not. */
  readonly failure: PkgError | PackageFailure | null;
  readonly kept: KeptFiles;
}

function resultOf(change: DraftedChange, { plan, open, failures, failure, kept: allKept }: Applied): ChangeResult {
  const own = failures.get(change);
  if (own !== undefined) return { kind: "failed", error: own };
  const planned = plan.planned[open.indexOf(change)];
  if (planned === undefined) throw new Error(`"${nameOf(change)}" was not planned`);
  if (planned.kind === "fail") return { kind: "failed", error: planned.error };
  if (failure instanceof PkgError) return { kind: "failed", error: failure };
  const former = change.kind === "remove" ? change.installation : change.replaced;
  const givenBack = plan.givenBack.filter(({ path }) => former?.links.some((link) => link.path === basename(path)));
  const kept = allKept.get(nameOf(change)) ?? NOTHING_KEPT;
  if (planned.kind === "remove") return { kind: "removed", left: planned.left, kept, givenBack };
  if (change.kind === "remove") throw new Error(`"${nameOf(change)}" was placed, not removed`);
  const { replaced, isInPlace: unchanged } = change;
  return {
    kind: "placed",
    installation: planned.installation,
    replaced,
    unchanged,
    kept,
    taken: planned.taken,
    givenBack,
  };
}

function nameOf(change: DraftedChange): string {
  return change.kind === "place" ? change.draft.name : change.installation.name;
}

/** After a failure, everything is as it was before, or the journal has what is needed to restore it. */
function perform(context: PlacementContext, intent: Intent): Pick<Applied, "failure" | "kept"> {
  const { installs, removals, renewals } = intent;
  const nothing: KeptFiles = new Map();
  if (installs.length + removals.length + renewals.length === 0) return { failure: null, kept: nothing };
  try {
    return { failure: null, kept: journalled(context, intent) };
  } catch (error) {
    if (error instanceof PkgError || error instanceof PackageFailure) return { failure: error, kept: nothing };
    throw error;
  }
}

function journalled(context: PlacementContext, intent: Intent): KeptFiles {
  if (intent.installs.length > 0) {
    openDirectory(context.packagesDirectory);
    openDirectory(context.binDirectory);
  }
  const id = context.journal.begin(intent);
  let cleanup: Cleanup;
  try {
    cleanup = applyIntent(context, id, intent);
  } catch (error) {
    throw rollBack(context, id, { intent, error });
  }
  // The change is recorded and in force. What cannot be cleaned up stays in the journal, for the next start.
  let kept: KeptFiles = new Map();
  succeeds(() => {
    kept = cleanUp(context, id, cleanup);
  });
  return kept;
}
