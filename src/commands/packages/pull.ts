import { EXIT_CODES } from "../../errors.ts";
import { pull } from "../../oci-tools/pull-package.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", {
        type: "string",
        demandOption: true,
        description: "registry/name:tag, oci:DIRECTORY:tag or oci-archive:FILE:tag; or with @digest",
      })
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        description: "A directory; for a blob also a file; - writes a single file to standard output",
      })
      .option("force", { type: "boolean", default: false, description: "Overwrite existing files" })
      .option("allow-dot-files", {
        type: "boolean",
        default: false,
        description: "Allow names that begin with a dot; in a new or empty --output they always are",
      })
      .example("$0 pull ghcr.io/pkgforge/bincache/7z/official/7z:24.09-x86_64-linux -o 7z", "All files of a package")
      .example("$0 pull ghcr.io/…/7z@sha256:…", "One blob, as 7z")
      .example("$0 pull oci:layout:1.0 -o 7z", "All files of a package in an OCI layout"),
  dryRun: true,
  run: async (context, args) => {
    const toStdout = args.output === "-";
    const outcome = await pull(context, {
      reference: args.reference,
      output: toStdout ? (bytes) => context.report.bytes(bytes) : (args.output ?? null),
      directory: context.workingDirectory,
      force: args.force,
      allowDotFiles: args["allow-dot-files"],
    });
    // The bytes on standard output are the result.
    if (toStdout) return EXIT_CODES.done;
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () =>
      columns(
        outcome.files.map(({ path, sizeBytes, digest }) => [
          ...[path ?? "", sizeBytes === null ? "" : formatBytes(sizeBytes), digest],
          ...(dryRun ? ["would be written"] : []),
        ]),
      ),
    );
    return EXIT_CODES.done;
  },
});
