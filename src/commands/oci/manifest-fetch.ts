import { parseExactJson } from "../../base/exact-json.ts";
import { parseJson } from "../../base/json.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { fetchManifest, saveManifest } from "../../oci-tools/manifest.ts";
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
      .example("$0 oci manifest fetch ghcr.io/owner/name:tag | sha256sum", "The bytes that its digest is of")
      .example("$0 oci manifest fetch ghcr.io/owner/name:tag --json", "The same with its type, digest and size"),
  dryRun: true,
  run: async (context, args) => {
    const { bytes, ...outcome } = await fetchManifest(context, args.reference);
    if (args.output !== "-") {
      const { dryRun } = context;
      await saveManifest({ path: args.output, force: args.force, dryRun }, bytes);
      const head = dryRun ? "Would write " : "";
      context.report.result({ ...outcome, path: args.output, dryRun }, () => [
        `${head}${args.output} ${outcome.digest}`,
      ]);
    } else if (context.json) {
      context.report.result({ ...outcome, content: exactContent(bytes, args.reference) }, () => []);
    } else {
      await context.report.bytes([bytes]);
    }
    return EXIT_CODES.done;
  },
});

/** With the numbers as they are written: a program that was handed others would find other content. */
function exactContent(bytes: Buffer, reference: string): unknown {
  parseJson(bytes, (cause) => notJson(reference, cause));
  return parseExactJson(bytes.toString("utf8").replace(/^\uFEFF/, ""));
}

function notJson(reference: string, cause: unknown): PkgError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new PkgError("MANIFEST_INVALID", `Cannot print "${reference}" as JSON: ${problem}`, {
    hint: "Run it without --json: it then writes the bytes",
    cause,
  });
}
