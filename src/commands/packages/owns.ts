import { EXIT_CODES } from "../../errors.ts";
import { owns } from "../../inspect/inspect.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("path", { type: "string", demandOption: true, description: "A path, or a name in the bin directory" })
      .example("$0 owns ~/.local/bin/trurl", "Which package placed it"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await owns(context, args.path, context.workingDirectory);
    context.report.result(outcome, () => [`${outcome.name} ${outcome.version}`]);
    return EXIT_CODES.done;
  },
});
