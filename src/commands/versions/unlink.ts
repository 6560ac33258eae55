import { unlinkPrograms } from "../../install/link-programs.ts";
import { defineCommand, finishWith } from "../command.ts";
import { LINKED_PROGRAMS } from "../installed-packages.ts";
import { linkWords, recordLines } from "./record-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", LINKED_PROGRAMS)
      .example("$0 unlink trurl", "It stays installed, and its programs stay out of the bin directory"),
  dryRun: true,
  run: async (context, args) => {
    const request = { names: args.packages, directory: context.workingDirectory, dryRun: context.dryRun };
    const { outcome, errors } = await unlinkPrograms(context, request);
    context.report.result(outcome, () => recordLines(outcome, linkWords));
    return finishWith(context, errors);
  },
});
