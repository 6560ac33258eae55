import { linkPrograms } from "../../install/link-programs.ts";
import { defineCommand, finishWith } from "../command.ts";
import { ALLOW_NAME, allowedNames } from "../consent.ts";
import { LINKED_PROGRAMS } from "../installed-packages.ts";
import { linkWords, recordLines } from "./record-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", LINKED_PROGRAMS)
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .options(ALLOW_NAME)
      .example("$0 link trurl", "Its programs are found by their names, also where another package had one")
      .example("$0 link trurl:trurl", "Only one of them"),
  dryRun: true,
  run: async (context, args) => {
    const request = { names: args.packages, directory: context.workingDirectory, dryRun: context.dryRun };
    const { outcome, errors } = await linkPrograms(context, {
      ...request,
      ...{ force: args.force, allowed: allowedNames(args) },
    });
    context.report.result(outcome, () => recordLines(outcome, linkWords));
    return finishWith(context, errors);
  },
});
