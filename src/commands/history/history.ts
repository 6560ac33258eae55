import { type HistoryItem, history } from "../../inspect/history.ts";
import type { Style } from "../../report/style.ts";
import { formatMoment } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { historyLines } from "./history-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .example("$0 history", "What was changed, when, and by which command; the last change first")
      .example("$0 history --json", "The same for programs"),
  dryRun: true,
  run: async (context) => {
    const outcome = await history(context);
    const { style } = context.report;
    context.report.result(
      outcome,
      () => outcome.generations.flatMap((item) => lines(item, style)),
      outcome.generations.length === 0 ? "Nothing was changed yet" : undefined,
    );
    return 0;
  },
});

function lines(
  { number, madeAt, command, stateOf, isCurrent, packages }: HistoryItem,
  style: Style,
): readonly string[] {
  const back = stateOf === null ? "" : style.dim(` (as after ${stateOf})`);
  const mark = isCurrent ? style.green(" (now)") : "";
  const head = `${style.bold(`${number}`)}  ${style.dim(formatMoment(madeAt))}  ${command}${back}${mark}`;
  return [head, ...historyLines(packages, style).map((line) => `   ${line}`)];
}
