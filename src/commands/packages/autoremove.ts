import { autoremove } from "../../install/remove.ts";
import { defineCommand, finishWith } from "../command.ts";
import { removalLines, removalTotals, tellWhatStays } from "./removal-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .example("$0 autoremove", "Dependencies that were kept, or whose packages are gone")
      .example("$0 autoremove --dry-run", "What that would remove"),
  dryRun: true,
  run: async (context) => {
    const { outcome, errors } = await autoremove(context, { dryRun: context.dryRun });
    const nothing = outcome.packages.length === 0 ? "Nothing to remove: every dependency is needed" : undefined;
    context.report.result(outcome, () => removalLines(outcome, context.report.style), nothing);
    tellWhatStays(context, outcome);
    return finishWith(context, errors, removalTotals(outcome.packages));
  },
});
