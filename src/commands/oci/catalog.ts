import { EXIT_CODES } from "../../errors.ts";
import { listCatalog } from "../../oci-tools/listing.ts";
import { cutLines } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { LIST_PAGE, LIST_PAGE_RULES } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("registry", { type: "string", demandOption: true, description: "registry[:port]" })
      .options(LIST_PAGE)
      .example("$0 oci catalog 127.0.0.1:5000", "Every repository; ghcr.io and docker.io do not list theirs"),
  rules: LIST_PAGE_RULES,
  dryRun: true,
  run: async (context, args) => {
    const outcome = await listCatalog(context, {
      registry: args.registry,
      last: args.last ?? null,
      limit: args.limit ?? null,
    });
    context.report.result(outcome, () => outcome.repositories, "The registry lists no repositories");
    if (args.limit !== undefined) {
      context.report.say(
        cutLines(outcome.repositories.length, outcome.total, "repository", "`--last NAME` lists what follows NAME"),
      );
    }
    return EXIT_CODES.done;
  },
});
