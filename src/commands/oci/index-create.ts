import { EXIT_CODES } from "../../errors.ts";
import { createIndex } from "../../oci-tools/image-index.ts";
import { defineCommand } from "../command.ts";
import { CONTENT_OPTIONS } from "./content-options.ts";
import { digestLine, INDEX_MANIFESTS, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("manifests", { ...INDEX_MANIFESTS, default: [] })
      .option("annotation", CONTENT_OPTIONS.annotation)
      .option("artifact-type", { type: "string", requiresArg: true, description: "The type of the index itself" })
      .example("$0 oci index create ghcr.io/owner/name:v1 v1-amd64 v1-arm64", "Platforms as their configs say")
      .example("$0 oci index create ghcr.io/owner/name:v1 @sha256:…=linux/arm64", "A platform given by hand"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await createIndex(context, {
      reference: args.reference,
      manifests: args.manifests,
      annotations: args.annotation.map(String),
      artifactType: args["artifact-type"] ?? null,
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
