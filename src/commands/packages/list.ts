import { EXIT_CODES } from "../../errors.ts";
import { list } from "../../inspect/inspect.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (yargs) => yargs.example("$0 list", "What is installed").example("$0 list --json", "The same for programs"),
  dryRun: true,
  run: async (context) => {
    const outcome = await list(context);
    const { style } = context.report;
    context.report.result(outcome, () =>
      columns(
        outcome.installed.map((item) => [
          style.bold(item.name),
          item.version,
          item.repository ?? item.reference,
          formatBytes(item.sizeBytes),
          item.skipped.length === 0 ? "" : style.yellow(`unchecked: ${item.skipped.join(", ")}`),
        ]),
      ),
    );
    return EXIT_CODES.done;
  },
});
