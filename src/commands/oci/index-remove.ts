import { EXIT_CODES } from "../../errors.ts";
import { changeIndex } from "../../oci-tools/image-index.ts";
import { defineCommand } from "../command.ts";
import { digestLine, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("manifests", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Tags or @digests to remove",
      })
      .example("$0 oci index remove ghcr.io/owner/name:v1 v1-riscv64", "The manifest itself stays"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await changeIndex(context, {
      reference: args.reference,
      add: [],
      remove: args.manifests,
      annotations: [],
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
