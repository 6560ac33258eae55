import type { Records, State } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { knownGeneration, undoTargets } from "../state/find-generation.ts";
import type { Generations } from "../state/generations.ts";
import { neededAgain } from "./needed-again.ts";
import {
  bringBack,
  differing,
  foretell,
  type ReturnCapabilities,
  type ReturnedItem,
  type Returning,
} from "./return-to.ts";

/** What `pkg undo` and `pkg rollback` return. */
export interface UndoOutcome {
  readonly dryRun: boolean;
  /** The generation whose state came back; null: nothing did, or one package alone. */
  readonly stateOf: number | null;
  /** What was undone, as it was typed; null: it is not known, or it is no undo. */
  readonly undone: string | null;
  readonly packages: readonly ReturnedItem[];
}

/** How something is brought back. */
export interface UndoOptions {
  readonly dryRun: boolean;
  /** Whether a file that is in the way is moved aside. */
  readonly force: boolean;
}

/** What is chosen from what is recorded. */
interface Choice extends Omit<Returning, "force"> {
  readonly number: number | null;
  readonly undone: string | null;
}

type Choose = (records: Pick<Records, "installations" | "generations">) => Choice | null;

/** Undoes the last change that is not undone yet. @throws {PkgError} INTERRUPTED, LOCKED */
export function undo(cap: ReturnCapabilities, options: UndoOptions): Promise<WithErrors<UndoOutcome>> {
  return bringBackChosen(cap, options, chooseUndo);
}

/**
 * Brings back the state of a generation, by its number; or of one package, by its name, what was installed before.
 *
 * @throws {PkgError} VERSION_NOT_FOUND, NOT_INSTALLED; INTERRUPTED, LOCKED
 */
export function rollback(
  cap: ReturnCapabilities,
  options: UndoOptions & { readonly to: string },
): Promise<WithErrors<UndoOutcome>> {
  const { to } = options;
  return bringBackChosen(cap, options, (records) =>
    /^\d+$/.test(to) ? chooseGeneration(records, Number(to)) : chooseVersion(records, to),
  );
}

async function bringBackChosen(
  cap: ReturnCapabilities,
  { dryRun, force }: UndoOptions,
  choose: Choose,
): Promise<WithErrors<UndoOutcome>> {
  if (dryRun) {
    const records = await cap.records();
    const choice = choose(records);
    const packages = choice === null ? [] : foretell(records, choice);
    return { outcome: { dryRun, ...chosen(choice), packages }, errors: [] };
  }
  const state = await cap.state();
  const done = await bringBack(cap, state, () => {
    const choice = choose(state);
    return choice === null ? null : { ...choice, force };
  });
  if (done === null) return { outcome: { dryRun, ...chosen(null), packages: [] }, errors: [] };
  return { outcome: { dryRun, ...chosen(done.chosen), packages: done.outcome }, errors: done.errors };
}

function chosen(choice: Choice | null): Pick<UndoOutcome, "stateOf" | "undone"> {
  return { stateOf: choice?.number ?? null, undone: choice?.undone ?? null };
}

/** The nearest state that is another than the one of now. */
function chooseUndo(records: Pick<Records, "installations" | "generations">): Choice | null {
  const { generations } = records;
  for (const { number, undone } of undoTargets(generations)) {
    const wanted = differing(records, generations.changedSince(number));
    const movable = generations.returnedSince(number);
    if (wanted.size > 0)
      return { wanted, isExact: true, movable, stateOf: number, number, undone: undone?.command ?? null };
  }
  return null;
}

function chooseGeneration(records: Pick<Records, "installations" | "generations">, number: number): Choice | null {
  const { generations } = records;
  const wanted = differing(records, generations.changedSince(knownGeneration(generations, number)));
  return wanted.size === 0
    ? null
    : { wanted, isExact: true, movable: generations.returnedSince(number), number, undone: null };
}

/** What was installed under a name before, with what that needs and is not there any more. */
function chooseVersion(records: Pick<State, "installations" | "generations">, name: string): Choice {
  const { generations, installations } = records;
  const now = installations.get(name);
  const found = lastOther(generations, name, now);
  if (found === null) throw nothingBefore(name, now);
  const { number, edition } = found;
  const needed = neededAgain(records, edition, generations.changedSince(number));
  const wanted = new Map([edition, ...needed].map((item) => [item.name, item]));
  return { wanted, isExact: false, movable: new Set(), number: null, undone: null };
}

/** The last edition of a name with another version than the one of now, and the generation in which it was there. */
function lastOther(generations: Generations, name: string, now: Installation | null) {
  for (const { number, changes } of generations.list().toReversed()) {
    const before = changes.find((change) => change.name === name)?.before ?? null;
    if (before !== null && before.version !== now?.version) {
      return { number: number - 1, edition: generations.edition(before.id) };
    }
  }
  const kept = generations.editions(name).find(({ version, leftAt }) => leftAt !== null && version !== now?.version);
  return kept === undefined ? null : { number: generations.current(), edition: generations.edition(kept.id) };
}

function nothingBefore(name: string, now: Installation | null): PkgError {
  if (now === null) {
    return new PkgError(
      "NOT_INSTALLED",
      `Cannot roll back "${name}": it is not installed, and no version of it is kept`,
      {
        hint: "Run `pkg history` to see what was changed",
      },
    );
  }
  return new PkgError("VERSION_NOT_FOUND", `Cannot roll back "${name}": no version before ${now.version} is kept`, {
    hint: `Run \`pkg install ${name}@VERSION\` to have a certain one`,
  });
}
