import { undo } from "../../install/undo.ts";
import { defineCommand, finishWith } from "../command.ts";
import { reportUndo } from "./undo-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .example("$0 undo", "The last change is undone; once more, and so is the one before it")
      .example("$0 undo --dry-run", "What that would do"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await undo(context, { dryRun: context.dryRun, force: args.force });
    reportUndo(context, outcome, "Nothing to undo");
    return finishWith(context, errors);
  },
});
