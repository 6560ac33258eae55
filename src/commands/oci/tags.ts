import { EXIT_CODES } from "../../errors.ts";
import { listTags } from "../../oci-tools/listing.ts";
import { cutLines } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { LIST_PAGE, LIST_PAGE_RULES, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .options(LIST_PAGE)
      .option("sort", {
        choices: ["registry", "version"] as const,
        requiresArg: true,
        default: "registry" as const,
        description: "The registry's order, or the newest version first",
      })
      .example("$0 oci tags ghcr.io/owner/name --sort version --limit 5", "The five newest versions"),
  rules: LIST_PAGE_RULES,
  dryRun: true,
  run: async (context, args) => {
    const outcome = await listTags(context, {
      reference: args.reference,
      order: args.sort,
      last: args.last ?? null,
      limit: args.limit ?? null,
    });
    context.report.result(outcome, () => outcome.tags, "There are no tags");
    if (args.limit !== undefined) {
      context.report.say(cutLines(outcome.tags.length, outcome.total, "tag", "`--last NAME` lists what follows NAME"));
    }
    return EXIT_CODES.done;
  },
});
