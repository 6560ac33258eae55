import { PkgError } from "../errors.ts";
import type { Generation, Generations } from "./generations.ts";

/** The number of a generation whose state can be brought back. @throws {PkgError} VERSION_NOT_FOUND */
export function knownGeneration(generations: Generations, number: number): number {
  const [oldest, current] = [generations.oldest(), generations.current()];
  if (number >= oldest && number <= current) return number;
  throw new PkgError(
    "VERSION_NOT_FOUND",
    current === 0
      ? `Cannot find generation ${number}: nothing was changed yet`
      : `Cannot find generation ${number}: those from ${oldest} to ${current} are known`,
    { hint: current === 0 ? "Run `pkg list` to see what is installed" : "Run `pkg history` to see them" },
  );
}

/** What an undo leaves, and where it goes. */
export interface UndoTarget {
  /** The generation that is undone; null where it is not known. */
  readonly undone: Generation | null;
  /** The generation whose state comes back. */
  readonly number: number;
}

/**
 * The states that undoing goes through, the nearest first. What an undo has brought back is where the next one begins, so that
 * pressing it again goes further back.
 */
export function undoTargets(generations: Generations): readonly UndoTarget[] {
  const byNumber = new Map(generations.list().map((item) => [item.number, item]));
  const oldest = generations.oldest();
  const stateOf = (number: number): number => {
    const earlier = byNumber.get(number)?.stateOf ?? null;
    return earlier === null ? number : stateOf(earlier);
  };
  const targets: UndoTarget[] = [];
  for (let position = stateOf(generations.current()); position > oldest; ) {
    const number = stateOf(position - 1);
    if (number >= oldest) targets.push({ undone: byNumber.get(position) ?? null, number });
    position = number;
  }
  return targets;
}
