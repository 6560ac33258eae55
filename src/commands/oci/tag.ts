import { EXIT_CODES } from "../../errors.ts";
import { tagManifest } from "../../oci-tools/manifest.ts";
import { defineCommand } from "../command.ts";
import { would } from "../would.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("tags", { type: "string", array: true, demandOption: true, description: "The tags to give it" })
      .example("$0 oci tag ghcr.io/owner/name:1.2.3 1.2 1 latest", "Three more tags for one manifest"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await tagManifest(context, { reference: args.reference, tags: args.tags });
    const { dryRun } = context;
    const done = would(dryRun, "Tagged", "tag");
    context.report.result({ ...outcome, dryRun }, () =>
      outcome.tags.map((tag) => `${done} ${outcome.digest} as ${tag}`),
    );
    return EXIT_CODES.done;
  },
});
