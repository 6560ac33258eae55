import { EXIT_CODES } from "../../errors.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { collectRegistryGarbage } from "../../serve/collect-registry-garbage.ts";
import { defineCommand } from "../command.ts";
import { ROOT } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .options({
        root: ROOT,
        untagged: { type: "boolean", default: false, description: "Remove manifests without a tag as well" },
        grace: { type: "string", requiresArg: true, default: "1h", description: "Keep what is younger than this" },
      })
      .example("$0 registry gc --root ./registry --dry-run", "What would be removed"),
  dryRun: true,
  run: async (context, { root, untagged, grace }) => {
    const { dryRun, workingDirectory: directory } = context;
    const outcome = await collectRegistryGarbage(context, { root, directory, dryRun, untagged, grace });
    const { manifestCount, fileCount, sizeBytes } = outcome;
    const verb = dryRun ? "Would remove" : "Removed";
    context.report.result(outcome, () => [
      `${verb} ${formatCount(manifestCount, "manifest")}, ${formatCount(fileCount, "file")}, ${formatBytes(sizeBytes)}`,
    ]);
    return EXIT_CODES.done;
  },
});
