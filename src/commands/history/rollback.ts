import { rollback, undo } from "../../install/undo.ts";
import { defineCommand, finishWith } from "../command.ts";
import { reportUndo } from "./undo-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("to", {
        type: "string",
        description: "A generation, or the name of a package; default: as `pkg undo`",
      })
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .example("$0 rollback 1", "Everything as it was after generation 1")
      .example("$0 rollback trurl --dry-run", "One package, to the version that was installed before"),
  dryRun: true,
  run: async (context, args) => {
    const { dryRun } = context;
    const { to, force } = args;
    const { outcome, errors } = await (to === undefined
      ? undo(context, { dryRun, force })
      : rollback(context, { to, dryRun, force }));
    reportUndo(context, outcome, to === undefined ? "Nothing to undo" : "Nothing to do: that is how it is");
    return finishWith(context, errors);
  },
});
