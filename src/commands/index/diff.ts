import { EXIT_CODES } from "../../errors.ts";
import { diffPackageIndex } from "../../repository-index/diff.ts";
import { defineCommand } from "../command.ts";
import { diffLines } from "./lines.ts";
import { INDEX } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("old", INDEX)
      .positional("new", INDEX)
      .option("exit-code", { type: "boolean", default: false, description: "Exit with 1 when they differ" })
      .example("$0 index diff ghcr.io/me/index index", "What publishing the directory would change"),
  dryRun: true,
  run: async (context, args) => {
    const { workingDirectory: directory } = context;
    const outcome = await diffPackageIndex(context, { before: args.old, after: args.new, directory });
    const { before, after, identical } = outcome;
    context.report.result(outcome, () => [
      `${before.repository}, serial ${before.serial} → ${after.repository}, serial ${after.serial}`,
      ...(identical ? ["The same packages, by the same keys"] : diffLines(outcome.changes, outcome.gone)),
    ]);
    return args["exit-code"] && !identical ? EXIT_CODES.failed : EXIT_CODES.done;
  },
});
