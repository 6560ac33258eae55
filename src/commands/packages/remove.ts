import { EXIT_CODES } from "../../errors.ts";
import { type RemovedItem, remove } from "../../install/remove.ts";
import { columns } from "../../report/columns.ts";
import { summaryLines } from "../../report/summary.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Installed packages, as install takes them",
      })
      .option("purge", {
        type: "boolean",
        default: false,
        description: "Also remove what was written beside its files, and what earlier versions left",
      })
      .example("$0 remove trurl", "Removes exactly what was placed")
      .example("$0 remove trurl --purge", "And what trurl wrote beside its files"),
  dryRun: true,
  run: async (context, args) => {
    if (!(await confirmed(context, args.packages))) {
      context.report.say(["Nothing was removed"]);
      return EXIT_CODES.failed;
    }
    const { outcome, errors } = await remove(context, {
      names: args.packages,
      directory: context.workingDirectory,
      dryRun: context.dryRun,
      purge: args.purge,
    });
    context.report.result(outcome, () => [
      ...columns(outcome.packages.flatMap(planRow)),
      ...outcome.packages.flatMap((item) => purgedLines(item, outcome.dryRun)),
      ...summaryLines(
        outcome.packages.flatMap((item) =>
          item.action === "remove" ? [{ kind: "removed" as const, name: item.name, version: item.version }] : [],
        ),
        context.report.style,
      ),
    ]);
    return finishWith(context, errors, removalTotals(outcome.packages));
  },
});

type Confirmable = Parameters<typeof command.run>[0];

/** A single named package is removed without asking; for several, a terminal is asked. */
async function confirmed(context: Confirmable, names: readonly string[]): Promise<boolean> {
  if (names.length < 2 || context.yes || context.dryRun) return true;
  return context.report.confirm(`Remove ${names.length} packages: ${names.join(", ")}?`, true);
}

/** How many of each, for more than one package; nothing where nothing was done. */
export function removalTotals(items: readonly Pick<RemovedItem, "action">[]): readonly string[] {
  const count = (action: RemovedItem["action"]) => items.filter((item) => item.action === action).length;
  const counts = [
    [count("remove") + count("purge"), "removed"],
    [count("fail"), "failed"],
  ] as const;
  if (items.length < 2 || count("plan") > 0) return [];
  return [counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(", ")];
}

function planRow(item: RemovedItem): readonly (readonly string[])[] {
  return item.action === "plan"
    ? [[`would remove ${item.name} ${item.version}`, formatBytes(item.sizeBytes), item.links.join(", ")]]
    : [];
}

function purgedLines(item: RemovedItem, dryRun: boolean): readonly string[] {
  const done = dryRun ? "would remove" : "removed";
  return item.action === "purge" ? item.purged.map((path) => `${done} what was kept of ${item.name}: ${path}`) : [];
}
