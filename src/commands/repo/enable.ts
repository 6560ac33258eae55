import { EXIT_CODES } from "../../errors.ts";
import { setRepositoryEnabled } from "../../repositories/repositories.ts";
import { changing } from "../changing.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { NAME } from "./options.ts";
import { tellChange } from "./tell-change.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("repository", NAME).example("$0 repo enable soarpkgs", "Use it again"),
  dryRun: true,
  run: async (context, args) => {
    const change = async (there: Context) => setRepositoryEnabled(there, args.repository, true);
    tellChange(context, await changing(context, [], change));
    return EXIT_CODES.done;
  },
});
