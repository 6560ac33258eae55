import { EXIT_CODES } from "../../errors.ts";
import { summarizeRepositories } from "../../repositories/repositories.ts";
import { defineCommand } from "../command.ts";
import { repositoryLines, repositoryNotices } from "./lines.ts";

export const command = defineCommand({
  options: (declaration) => declaration.example("$0 repo", "Every repository, its keys and the age of its index"),
  dryRun: true,
  run: async (context) => {
    const outcome = summarizeRepositories(context);
    const { style } = context.report;
    const { repositories } = outcome;
    context.report.result(
      outcome,
      () => [
        ...repositoryLines(repositories, context.now(), style),
        ...repositories.flatMap(repositoryNotices).map(style.yellow),
      ],
      "No repository is configured; `pkg repo add` adds one",
    );
    return EXIT_CODES.done;
  },
});
