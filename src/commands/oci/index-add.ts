import { EXIT_CODES } from "../../errors.ts";
import { changeIndex } from "../../oci-tools/image-index.ts";
import { defineCommand } from "../command.ts";
import { CONTENT_OPTIONS } from "./content-options.ts";
import { digestLine, INDEX_MANIFESTS, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("manifests", { ...INDEX_MANIFESTS, demandOption: true })
      .option("annotation", CONTENT_OPTIONS.annotation)
      .example("$0 oci index add ghcr.io/owner/name:v1 v1-riscv64", "One more platform; the tag names the new index"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await changeIndex(context, {
      reference: args.reference,
      add: args.manifests,
      remove: [],
      annotations: args.annotation.map(String),
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
