import { diffGenerations } from "../../inspect/history.ts";
import { defineCommand } from "../command.ts";
import { generationNumber } from "./generation-number.ts";
import { historyLines } from "./history-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("from", { type: "string", description: "A generation; default: the one before the current one" })
      .positional("to", { type: "string", description: "Another one; default: the current one" })
      .example("$0 diff", "What the last change did")
      .example("$0 diff 0", "What was changed since the beginning"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await diffGenerations(context, generationNumber(args.from), generationNumber(args.to));
    const { fromGeneration, toGeneration, packages } = outcome;
    const same =
      toGeneration === 0 && fromGeneration === 0
        ? "Nothing was changed yet"
        : `Generations ${fromGeneration} and ${toGeneration} are the same`;
    const nothing = packages.length === 0 ? same : undefined;
    context.report.result(outcome, () => historyLines(packages, context.report.style), nothing);
    return 0;
  },
});
