import { EXIT_CODES } from "../../errors.ts";
import { collectOciLayout } from "../../oci-tools/layout.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { wholeNumber } from "../option-rules.ts";
import { LAYOUT } from "./options.ts";

const MINUTE_MS = 60_000;

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("directory", LAYOUT)
      .option("grace", {
        type: "number",
        requiresArg: true,
        default: 60,
        description: "Minutes that a blob is kept although nothing refers to it yet",
      })
      .example("$0 oci layout gc images --dry-run", "What would be deleted"),
  rules: [wholeNumber("grace", 0)],
  dryRun: true,
  run: async (context, args) => {
    const { directory, grace } = args;
    const outcome = await collectOciLayout(context, { directory, dryRun: context.dryRun, graceMs: grace * MINUTE_MS });
    const { removed, sizeBytes, dryRun } = outcome;
    context.report.result(outcome, () => [
      ...removed.map((digest) => `${dryRun ? "would delete" : "deleted"} ${digest}`),
      `${formatCount(removed.length, "blob")}, ${formatBytes(sizeBytes)}`,
    ]);
    return EXIT_CODES.done;
  },
});
