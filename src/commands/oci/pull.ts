import { EXIT_CODES } from "../../errors.ts";
import { pullArtifact } from "../../oci-tools/pull-artifact.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { PLATFORM, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        description: "A directory, by default this one; - writes a single file to standard output",
      })
      .option("force", { type: "boolean", description: "Overwrite existing files" })
      .option("skip-old-files", { type: "boolean", description: "Leave files that exist as they are" })
      .option("artifact-config", { type: "string", requiresArg: true, description: "Write its config to this file" })
      .option("platform", PLATFORM)
      .option("allow-dot-files", {
        type: "boolean",
        default: false,
        description: "Allow names that begin with a dot; in a new or empty --output they always are",
      })
      .example("$0 oci pull ghcr.io/owner/name:1.0 -o files", "All its files, directories unpacked")
      .example("$0 oci pull oci:layout:v1 -o - | tar t", "A single file, into a pipe"),
  rules: [excludes("force", ["skip-old-files"], "--force is given as well")],
  artifactConfig: () => false,
  dryRun: true,
  run: async (context, args) => {
    const toStdout = args.output === "-";
    const output = toStdout ? (bytes: AsyncIterable<Uint8Array>) => context.report.bytes(bytes) : (args.output ?? ".");
    const outcome = await pullArtifact(context, {
      reference: args.reference,
      output,
      directory: context.workingDirectory,
      existing: args.force ? "replace" : args["skip-old-files"] ? "keep" : "refuse",
      dotFiles: args["allow-dot-files"] ? "allow" : args.output === undefined ? "refuse" : "own-directory",
      platform: args.platform ?? null,
      config: args["artifact-config"] ?? null,
    });
    // The bytes on standard output are the result.
    if (toStdout) return EXIT_CODES.done;
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      ...columns(
        outcome.files.map(({ path, sizeBytes, digest, how }) => [
          ...[path ?? "", formatBytes(sizeBytes), digest],
          dryRun && how === "written" ? "would be written" : how,
        ]),
      ),
      outcome.digest,
    ]);
    return EXIT_CODES.done;
  },
});
