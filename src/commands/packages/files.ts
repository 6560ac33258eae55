import { EXIT_CODES } from "../../errors.ts";
import { files } from "../../inspect/inspect.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("package", {
        type: "string",
        demandOption: true,
        description: "An installed package, as install takes it",
      })
      .example("$0 files trurl", "What it placed"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await files(context, args.package, context.workingDirectory);
    context.report.result(outcome, () => [
      ...outcome.files.map((file) => file.path),
      ...outcome.links.map((link) => `${link.path} -> ${link.target}`),
    ]);
    return EXIT_CODES.done;
  },
});
