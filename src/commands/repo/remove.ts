import { EXIT_CODES } from "../../errors.ts";
import { removeRepository } from "../../repositories/repositories.ts";
import { changing } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { NAME } from "./options.ts";
import { tellChange } from "./tell-change.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("repository", NAME)
      .example("$0 repo remove tools", "Its index and its pinned keys go as well"),
  dryRun: true,
  run: async (context, args) => {
    const { repository } = args;
    tellChange(context, await changing(context, [repository], (there) => removeRepository(there, repository)));
    return EXIT_CODES.done;
  },
});
