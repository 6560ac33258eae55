import { EXIT_CODES } from "../../errors.ts";
import { type FoundReferrer, listReferrers } from "../../oci-tools/referrers.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .option("artifact-type", { type: "string", requiresArg: true, description: "Only those of this type" })
      .option("recursive", { type: "boolean", default: true, description: "Also list what refers to those" })
      .example("$0 oci referrers ghcr.io/owner/name:tag", "A tree of signatures, SBOMs, notes"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await listReferrers(context, {
      reference: args.reference,
      artifactType: args["artifact-type"] ?? null,
      recursive: args.recursive,
    });
    if (outcome.truncated) context.emit({ kind: "warning", message: "There are more referrers than are shown" });
    const { digest, referrers } = outcome;
    context.report.result(
      outcome,
      () => (referrers.length === 0 ? [] : [digest, ...tree(referrers, "")]),
      `Nothing refers to ${digest}`,
    );
    return EXIT_CODES.done;
  },
});

function tree(referrers: readonly FoundReferrer[], indent: string): readonly string[] {
  return referrers.flatMap((referrer, position) => {
    const isLast = position === referrers.length - 1;
    const type = referrer.artifactType ?? referrer.mediaType;
    const line = `${indent}${isLast ? "└── " : "├── "}${type}  ${referrer.digest}  ${formatBytes(referrer.sizeBytes)}`;
    return [line, ...tree(referrer.referrers, `${indent}${isLast ? "    " : "│   "}`)];
  });
}
