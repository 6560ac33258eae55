import { EXIT_CODES } from "../../errors.ts";
import { columns } from "../../report/columns.ts";
import { summarizeRepositories } from "../../repositories/repositories.ts";
import { defineCommand } from "../command.ts";
import { repositoryRow } from "./lines.ts";

export const command = defineCommand({
  options: (yargs) => yargs.example("$0 repo", "Every repository, its keys and the age of its index"),
  dryRun: true,
  run: async (context) => {
    const outcome = summarizeRepositories(context);
    const { style } = context.report;
    context.report.result(outcome, () => columns(outcome.repositories.map((item) => repositoryRow(item, style))));
    return EXIT_CODES.done;
  },
});
