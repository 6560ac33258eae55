import { pin } from "../../install/pin.ts";
import { defineCommand, finishWith } from "../command.ts";
import { NAMED_PACKAGES } from "../installed-packages.ts";
import { pinnedWords, recordLines } from "./record-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", NAMED_PACKAGES)
      .example("$0 pin trurl", "Stays at the version that is installed"),
  dryRun: true,
  run: async (context, args) => {
    const request = { names: args.packages, directory: context.workingDirectory, dryRun: context.dryRun };
    const { outcome, errors } = await pin(context, request, true);
    context.report.result(outcome, () => recordLines(outcome, pinnedWords));
    return finishWith(context, errors);
  },
});
