import { EXIT_CODES } from "../../errors.ts";
import { copyArtifact } from "../../oci-tools/copy-artifact.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { would } from "../would.ts";
import { PLATFORM, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("source", { ...REFERENCE, description: `From: ${REFERENCE.description}` })
      .positional("target", { ...REFERENCE, description: "To; the source's tag where it has none" })
      .option("platform", PLATFORM)
      .option("recursive", {
        alias: "r",
        type: "boolean",
        default: false,
        description: "Include everything that refers to it",
      })
      .example("$0 oci copy ghcr.io/owner/name:1.0 127.0.0.1:5000/name:1.0", "Between registries")
      .example("$0 oci copy -r ghcr.io/owner/name:1.0 oci:layout", "Into a directory, with signatures and SBOMs")
      .example("$0 oci copy oci-archive:name.tar:1.0 registry.example/name", "Out of a tar, behind the air gap"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await copyArtifact(context, {
      source: args.source,
      target: args.target,
      platform: args.platform ?? null,
      referrers: args.recursive,
    });
    const { blobs, manifests, bytesSent, digest } = outcome;
    const there = blobs.existed + blobs.mounted;
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      `${would(dryRun, "Copied", "copy")} ${formatCount(manifests.sent, "manifest")} and ${formatCount(blobs.sent, "blob")}, ${formatBytes(bytesSent)}; ` +
        `${formatCount(there, "blob")} already there`,
      digest,
    ]);
    return EXIT_CODES.done;
  },
});
