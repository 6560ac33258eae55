import { EXIT_CODES } from "../../errors.ts";
import { attach } from "../../oci-tools/attach.ts";
import { defineCommand } from "../command.ts";
import { CONTENT_OPTIONS, contentRequest, FILES, hasMediaType } from "./content-options.ts";
import { digestLine, PLATFORM, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("files", FILES)
      .options(CONTENT_OPTIONS)
      .option("artifact-type", {
        type: "string",
        requiresArg: true,
        demandOption: true,
        description: "What kind of thing is attached",
      })
      .option("platform", { ...PLATFORM, description: "Attach to this entry of an image index" })
      .example("$0 oci attach ghcr.io/owner/name:1.0 sbom.spdx --artifact-type text/spdx", "An SBOM")
      .example("$0 oci attach ghcr.io/owner/name:1.0 --artifact-type example/note -a say=hi", "A note alone"),
  artifactConfig: hasMediaType,
  dryRun: true,
  run: async (context, args) => {
    const outcome = await attach(context, {
      ...contentRequest(context, args),
      reference: args.reference,
      artifactType: args["artifact-type"],
      platform: args.platform ?? null,
    });
    if (outcome.referrersTag !== null) {
      const message = `The registry has no referrers API: it is listed under the tag "${outcome.referrersTag}"`;
      context.emit({ kind: "note", message });
    }
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
