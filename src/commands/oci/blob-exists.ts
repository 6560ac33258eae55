import { EXIT_CODES } from "../../errors.ts";
import { blobExists } from "../../oci-tools/blob.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .example("$0 oci blob exists ghcr.io/owner/name@sha256:…", "Exit code 0 when it is there, else 1"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await blobExists(context, args.reference);
    context.report.result(outcome, () => [outcome.exists ? "exists" : "missing"]);
    return outcome.exists ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});
