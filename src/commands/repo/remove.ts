import { EXIT_CODES } from "../../errors.ts";
import { removeRepository } from "../../repositories/repositories.ts";
import { defineCommand } from "../command.ts";
import { repositoryChangeLines } from "./lines.ts";
import { NAME } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("repository", NAME)
      .example("$0 repo remove tools", "Its index and its pinned keys go as well"),
  run: async (context, args) => {
    const outcome = await removeRepository(context, args.repository);
    context.report.result(outcome, () => repositoryChangeLines(outcome));
    return EXIT_CODES.done;
  },
});
