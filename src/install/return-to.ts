import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import { describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { type Became, isSameRecord, whatBecame } from "../package/same-record.ts";
import type { ChangeResult, Failures } from "../profile/apply-changes.ts";
import type { ProfileChange } from "../profile/profile.ts";
import {
  changeTo,
  Lost,
  type ObtainedAgain,
  type ObtainRecordedCapabilities,
  withObtained,
} from "./obtain-recorded.ts";
import { tellGivenBack, tellKept, tellNotes, tellTaken } from "./tell-kept.ts";

/** What became of the package of one name. */
export type ReturnedItem =
  | {
      /** `plan`: with --dry-run. */
      readonly action: "install" | "remove" | "change" | "relink" | "plan";
      readonly name: string;
      /** Null: it is removed. */
      readonly version: string | null;
      readonly previousVersion: string | null;
      /** Where the version stays, how its record differs. */
      readonly became?: readonly Became[];
      /** In a plan, whether nothing of it has to be fetched again. */
      readonly isKept?: boolean;
    }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

type Returned = Exclude<ReturnedItem, { readonly action: "fail" }>;

/** What is brought back. */
export interface Returning {
  /** As it was, by name; null: it was not installed. */
  readonly wanted: ReadonlyMap<string, Installation | null>;
  /** Places where what is not ours is moved aside, as it was then. */
  readonly movable: ReadonlySet<string>;
  /** True for all of a state; absent: some packages of it. */
  readonly isExact?: boolean;
  /** Whether files, and links of others, that are in the way give way. */
  readonly force: boolean;
  /** For an undo, the generation whose state this is. */
  readonly stateOf?: number;
}

/** What bringing back uses of the world. */
export type ReturnCapabilities = Pick<Capabilities, "records"> & ObtainRecordedCapabilities;

/** The names whose record is not what is wanted. */
export function differing(
  { installations }: Pick<State, "installations">,
  wanted: Returning["wanted"],
): Returning["wanted"] {
  return new Map([...wanted].filter(([name, was]) => !isSameRecord(installations.get(name), was)));
}

/** What bringing back would do; nothing is changed. */
export function foretell(
  { installations, profile }: Pick<Records, "installations" | "profile">,
  { wanted }: Pick<Returning, "wanted">,
): readonly ReturnedItem[] {
  return [...wanted].map(([name, was]) => {
    const { action: _, ...item } = itemOf(name, installations.get(name), was);
    return { ...item, action: "plan", isKept: was === null || profile.holds(was) };
  });
}

/**
 * Brings back what `choose` chooses under the lock, as one journalled unit, from the store; what that has lost is obtained again.
 * What cannot be had, or whose place somebody has taken, is named, with what needs it, and the rest is done.
 *
 * @returns null where `choose` chooses nothing
 * @throws {PkgError} INTERRUPTED, LOCKED
 */
export function bringBack<T extends Returning>(
  cap: ReturnCapabilities,
  state: State,
  choose: () => T | null,
): Promise<(WithErrors<readonly ReturnedItem[]> & { readonly chosen: T }) | null> {
  return withObtained(cap, state, async (again) => {
    const chosen = choose();
    if (chosen === null) return null;
    const done = await bringBackFrom(cap, state, { ...chosen, again });
    return done instanceof Lost ? done : { ...done, chosen };
  });
}

async function bringBackFrom(
  { emit, signal }: Pick<ReturnCapabilities, "emit" | "signal">,
  state: State,
  returning: Returning & { readonly again: ObtainedAgain },
): Promise<WithErrors<readonly ReturnedItem[]> | Lost> {
  const { profile } = state;
  const { changes, missing, lost } = await changesFor(state, { ...returning, signal });
  if (lost.length > 0) return new Lost(lost);
  const { force, isExact = false, movable, stateOf } = returning;
  const results = profile.apply(
    changes.map(({ change }) => change),
    {
      ...{ force, isExact, movable, failAlong: (failures) => failingAlong(returning.wanted, state, failures) },
      ...(stateOf === undefined ? {} : { stateOf }),
    },
  );
  const done = changes.map((item, index) => ({ ...item, result: results[index] }));
  const failed = done.flatMap(({ name, result }) => (result?.kind === "failed" ? [{ name, error: result.error }] : []));
  for (const { name, result } of done) if (result !== undefined) tell(emit, name, result);
  const errors = [...missing, ...failed];
  return {
    outcome: [
      ...done.flatMap(({ name, from, to, result }) => (result?.kind === "failed" ? [] : [itemOf(name, from, to)])),
      ...errors.map(({ name, error }) => ({ action: "fail" as const, name, error: describeFailure(error) })),
    ],
    errors: errors.map(({ error }) => error),
  };
}

interface NamedChange {
  readonly name: string;
  readonly from: Installation | null;
  readonly to: Installation | null;
  readonly change: ProfileChange;
}

interface Missing {
  readonly name: string;
  readonly error: PkgError;
}

interface Changing {
  readonly wanted: Returning["wanted"];
  readonly again: ObtainedAgain;
  readonly signal: AbortSignal;
}

/** The changes, removals first, so that what is restored may take the links that these give up. */
async function changesFor(state: State, { wanted, ...how }: Changing) {
  const removals: NamedChange[] = [];
  const restores: NamedChange[] = [];
  const missing: Missing[] = [];
  const lost: Installation[] = [];
  for (const [name, to] of wanted) {
    const from = state.installations.get(name);
    if (to === null) {
      if (from !== null) removals.push({ name, from, to, change: { kind: "remove", installation: from } });
      continue;
    }
    const change = await changeTo(state, to, how);
    if (change instanceof Lost) lost.push(to);
    else if (change instanceof PkgError) missing.push({ name, error: change });
    else restores.push({ name, from, to, change });
  }
  const failures = new Map(missing.map(({ name, error }) => [name, error]));
  const without = failingAlong(wanted, state, failures);
  const changes = [...removals, ...restores].filter(({ name }) => !without.has(name));
  return { changes, missing: [...without].map(([name, error]) => ({ name, error })), lost };
}

/** What is needed by, or needs, something that stays as it is; and what has failed itself, so that all is planned again without it. */
function failingAlong(wanted: Returning["wanted"], { installations }: State, failures: Failures): Failures {
  const along = new Map<string, PkgError>(failures);
  for (;;) {
    const staying = [...along.keys()].flatMap((name) => installations.get(name) ?? []);
    const next = [...wanted].find(([name, was]) => {
      if (along.has(name)) return false;
      if (was === null) return staying.some(({ dependencies }) => dependencies.includes(name));
      return was.dependencies.some((needed) => along.has(needed) && installations.get(needed) === null);
    });
    if (next === undefined) return along;
    const [name, was] = next;
    along.set(name, leftAsItIs(name, was));
  }
}

function leftAsItIs(name: string, was: Installation | null): PkgError {
  return was === null
    ? new PkgError("PACKAGE_NEEDED", `Cannot remove "${name}": something that stays needs it`)
    : new PkgError("STATE_CHANGED", `Cannot bring back "${name}" ${was.version}: what it needs cannot be brought back`);
}

function itemOf(name: string, from: Installation | null, to: Installation | null): Returned {
  const versions = { version: to?.version ?? null, previousVersion: from?.version ?? null };
  if (from === null) return { action: "install", name, ...versions };
  if (to === null) return { action: "remove", name, ...versions };
  if (from.version !== to.version) return { action: "change", name, ...versions };
  return { action: "relink", name, ...versions, became: whatBecame(from, to) };
}

function tell(emit: ReturnCapabilities["emit"], name: string, result: ChangeResult): void {
  if (result.kind === "failed") return;
  tellKept(emit, name, result.kept);
  if (result.kind === "placed") {
    tellTaken(emit, name, result.taken);
    tellNotes(emit, name, result.notes);
  } else {
    for (const path of result.left) {
      emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone` });
    }
  }
  tellGivenBack(emit, result.givenBack);
}
