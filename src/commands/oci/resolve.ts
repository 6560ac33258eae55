import { EXIT_CODES } from "../../errors.ts";
import { resolveArtifact } from "../../oci-tools/manifest.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("reference", REFERENCE).example("$0 oci resolve ghcr.io/owner/name:tag", "sha256:…"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await resolveArtifact(context, args.reference);
    context.report.result(outcome, () => [outcome.digest]);
    return EXIT_CODES.done;
  },
});
