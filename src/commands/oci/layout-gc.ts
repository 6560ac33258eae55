import { parseDuration } from "../../base/duration.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { collectOciLayout } from "../../oci-tools/layout.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { LAYOUT } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("directory", LAYOUT)
      .option("grace", {
        type: "string",
        requiresArg: true,
        default: "1h",
        description: "Keep what is younger than this; a number alone is minutes",
      })
      .example("$0 oci layout gc images --dry-run", "What would be deleted"),
  dryRun: true,
  run: async (context, args) => {
    const { directory, grace } = args;
    const outcome = await collectOciLayout(context, { directory, dryRun: context.dryRun, graceMs: graceMsOf(grace) });
    const { removed, sizeBytes, dryRun } = outcome;
    context.report.result(outcome, () => [
      ...removed.map((digest) => `${dryRun ? "would delete" : "deleted"} ${digest}`),
      `${formatCount(removed.length, "blob")}, ${formatBytes(sizeBytes)}`,
    ]);
    return EXIT_CODES.done;
  },
});

/** As `pkg registry gc` takes it; a number alone was all that this command took before. */
function graceMsOf(text: string): number {
  const graceMs = parseDuration(/^\d+$/.test(text) ? `${text}m` : text, "--grace");
  if (graceMs === null) throw new PkgError("USAGE", 'Cannot use --grace "never": nothing would ever be removed');
  return graceMs;
}
