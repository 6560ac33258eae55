import { EXIT_CODES } from "../../errors.ts";
import { fetchManifest, saveManifest } from "../../oci-tools/manifest.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("reference", REFERENCE)
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        default: "-",
        description: "A file; - for standard output",
      })
      .example("$0 oci manifest fetch ghcr.io/owner/name:tag | sha256sum", "The bytes that its digest is of")
      .example("$0 oci manifest fetch ghcr.io/owner/name:tag --json", "The same with its type, digest and size"),
  dryRun: true,
  run: async (context, args) => {
    const { bytes, ...outcome } = await fetchManifest(context, args.reference);
    if (args.output !== "-") {
      saveManifest(args.output, bytes);
      context.report.result({ ...outcome, path: args.output }, () => [`${args.output} ${outcome.digest}`]);
    } else if (context.json) {
      context.report.result({ ...outcome, content: JSON.parse(bytes.toString("utf8")) }, () => []);
    } else {
      await context.report.bytes([bytes]);
    }
    return EXIT_CODES.done;
  },
});
