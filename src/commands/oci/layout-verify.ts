import { verifyOciLayout } from "../../oci-tools/layout.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCommand, finishWith } from "../command.ts";
import { LAYOUT } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("directory", LAYOUT)
      .example("$0 oci layout verify images", "Exit code 1 when anything is wrong"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await verifyOciLayout(context, args.directory);
    const { blobCount, sizeBytes, reachableCount, problems } = outcome;
    context.report.result(outcome, () => [
      `${formatCount(blobCount, "blob")}, ${formatBytes(sizeBytes)}; ${reachableCount} in use; ${formatCount(problems.length, "problem")}`,
    ]);
    return finishWith(context, errors);
  },
});
