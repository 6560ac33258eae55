import { parseSize } from "../../base/size.ts";
import { EXIT_CODES } from "../../errors.ts";
import { fetchBlob } from "../../oci-tools/blob.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        default: "-",
        description: "A file; - for standard output",
      })
      .option("force", { type: "boolean", default: false, description: "Overwrite an existing file" })
      .option("max-size", {
        type: "string",
        requiresArg: true,
        description: "Refuse a larger blob; 10GiB unless given",
      })
      .example("$0 oci blob fetch ghcr.io/owner/name@sha256:… -o layer.tar", "Verified before it has that name"),
  dryRun: true,
  run: async (context, args) => {
    const toStdout = args.output === "-";
    const output = toStdout
      ? (bytes: AsyncIterable<Uint8Array>) => context.report.bytes(bytes)
      : { path: args.output, force: args.force };
    const limit = args["max-size"] === undefined ? {} : { maxBytes: parseSize(args["max-size"], "--max-size") };
    const outcome = await fetchBlob(context, { reference: args.reference, output, ...limit });
    if (toStdout) return EXIT_CODES.done;
    const { dryRun } = context;
    const size = outcome.sizeBytes === null ? "" : ` ${formatBytes(outcome.sizeBytes)}`;
    context.report.result({ ...outcome, dryRun }, () => [`${dryRun ? "Would write " : ""}${outcome.path}${size}`]);
    return EXIT_CODES.done;
  },
});
