import { EXIT_CODES } from "../../errors.ts";
import { setRepositoryEnabled } from "../../repositories/repositories.ts";
import { defineCommand } from "../command.ts";
import { repositoryChangeLines } from "./lines.ts";
import { NAME } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("repository", NAME).example("$0 repo enable soarpkgs", "Use it again"),
  run: async (context, args) => {
    const outcome = setRepositoryEnabled(context, args.repository, true);
    context.report.result(outcome, () => repositoryChangeLines(outcome));
    return EXIT_CODES.done;
  },
});
