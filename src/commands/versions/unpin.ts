import { pin } from "../../install/pin.ts";
import { defineCommand, finishWith } from "../command.ts";
import { NAMED_PACKAGES } from "../installed-packages.ts";
import { recordLines, unpinnedWords } from "./record-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("packages", NAMED_PACKAGES).example("$0 unpin trurl", "May be updated again"),
  dryRun: true,
  run: async (context, args) => {
    const request = { names: args.packages, directory: context.workingDirectory, dryRun: context.dryRun };
    const { outcome, errors } = await pin(context, request, false);
    context.report.result(outcome, () => recordLines(outcome, unpinnedWords));
    return finishWith(context, errors);
  },
});
