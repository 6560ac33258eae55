import { EXIT_CODES } from "../../errors.ts";
import { pushManifest, readManifestFile } from "../../oci-tools/manifest.ts";
import { defineCommand } from "../command.ts";
import { digestLine, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("file", { type: "string", demandOption: true, description: "A file; - for standard input" })
      .option("media-type", { type: "string", requiresArg: true, description: "For a document that does not say it" })
      .example(
        "$0 oci manifest push ghcr.io/owner/name:tag manifest.json",
        "Byte for byte; what it names must be there",
      ),
  dryRun: true,
  run: async (context, args) => {
    const bytes = await readManifestFile(args.file === "-" ? context.stdin : args.file);
    const outcome = await pushManifest(context, {
      reference: args.reference,
      bytes,
      mediaType: args["media-type"] ?? null,
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
