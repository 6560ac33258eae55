import { EXIT_CODES } from "../../errors.ts";
import { pushArtifact } from "../../oci-tools/push-artifact.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { CONTENT_OPTIONS, contentRequest, FILES, hasMediaType } from "./content-options.ts";
import { PLATFORM, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", { ...REFERENCE, description: `${REFERENCE.description}; several tags as TAG,TAG` })
      .positional("files", FILES)
      .options(CONTENT_OPTIONS)
      .option("artifact-type", { type: "string", requiresArg: true, description: "What kind of thing it is" })
      .option("platform", { ...PLATFORM, description: "os/architecture[/variant] that it is for" })
      .option("subject", { type: "string", requiresArg: true, description: "What it refers to: a tag or digest" })
      .example("$0 oci push ghcr.io/owner/name:1.0,latest notes.md:text/markdown docs", "A file and a directory")
      .example("tar c . | $0 oci push oci:layout:v1 - --name all.tar", "From a pipe, into a layout"),
  artifactConfig: hasMediaType,
  dryRun: true,
  run: async (context, args) => {
    const outcome = await pushArtifact(context, {
      ...contentRequest(context, args),
      reference: args.reference,
      artifactType: args["artifact-type"] ?? null,
      platform: args.platform ?? null,
      subject: args.subject ?? null,
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      ...columns(
        outcome.files.map(({ title, sizeBytes, digest, how }) => [
          ...[title ?? "", formatBytes(sizeBytes), digest],
          dryRun && how === "sent" ? "would be sent" : how,
        ]),
      ),
      `${dryRun ? "Would push " : ""}${outcome.reference} ${outcome.digest}`,
    ]);
    return EXIT_CODES.done;
  },
});
