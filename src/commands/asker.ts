import type { Choice } from "../package/ambiguous.ts";
import { formatBytes } from "../report/units.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import type { Context } from "./context.ts";

const MAX_CHOICES = 20;

/** What questions are asked through. */
export type Asking = Pick<Context["report"], "confirm" | "choose">;

/** Asks as `report` does, until one answer is no: whoever says no is not asked anything else. */
export function askingUntilNo(report: Asking): Asking {
  let isOver = false;
  const unlessOver = async <T>(no: T, ask: () => Promise<T>): Promise<T> => {
    if (isOver) return no;
    const answer = await ask();
    isOver = answer === no;
    return answer;
  };
  return {
    confirm: (question, fallback) => unlessOver(false, () => report.confirm(question, fallback)),
    choose: (question, options) => unlessOver(null, () => report.choose(question, options)),
  };
}

/** Asks which package a name means; nobody with `--yes`. */
export function choosingWith(context: Pick<Context, "yes">, asking: Asking): ChoosePackage {
  return async (requested, choices) => {
    if (context.yes) return null;
    const shown = choices.slice(0, MAX_CHOICES);
    const more = choices.length - shown.length;
    const end = more === 0 ? "" : `; ${more} more are not listed`;
    const question = `${choices.length} packages are called "${requested}"${end}:`;
    const position = await asking.choose(question, choiceRows(shown));
    return position === null ? null : (choices[position] ?? null);
  };
}

/** For each its number and what to type for it, then what tells it apart. */
export function choiceRows(choices: readonly Choice[]): readonly (readonly string[])[] {
  return choices.map(({ typed, package: { entry, repository } }, index) => [
    `${String(index + 1).padStart(choices.length > 9 ? 3 : 2)}  ${typed}`,
    entry.version,
    typed.endsWith(`:${repository}`) ? "" : repository,
    entry.sizeBytes === null ? "" : formatBytes(entry.sizeBytes),
    entry.description,
  ]);
}
