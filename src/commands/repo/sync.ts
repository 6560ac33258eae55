import { columns } from "../../report/columns.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { namesOf } from "../../repositories/repositories.ts";
import { type SyncedRepository, syncNamed } from "../../repositories/sync.ts";
import { changing } from "../changing.ts";
import { ALLOW_STALE, defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("repositories", {
        type: "string",
        array: true,
        default: [],
        description: "Names; by default all that are enabled",
      })
      .option("force", { type: "boolean", default: false, description: "Fetch even what is unchanged" })
      .options(ALLOW_STALE)
      .option("accept-loss", {
        type: "boolean",
        default: false,
        description: "Accept a list that lacks more than a tenth of the formulae of the one before",
      })
      .example("$0 sync", "Fetch the index of every repository")
      .example("$0 sync tools --verbose", "One of them, with the reason for each skipped entry"),
  dryRun: true,
  run: async (context, args) => {
    const options = { force: args.force, allowStale: args["allow-stale"], acceptLoss: args["accept-loss"] };
    const { dryRun } = context;
    const names = args.repositories.length > 0 ? args.repositories : namesOf(context.config);
    const { outcome, errors } = await changing(context, names, (there) => syncNamed(there, args.repositories, options));
    context.report.result(
      { ...outcome, dryRun },
      () => columns(outcome.repositories.flatMap((item) => row(item, dryRun))),
      "No repository is enabled",
    );
    return finishWith(context, errors);
  },
});

function row(item: SyncedRepository, dryRun: boolean): readonly (readonly string[])[] {
  if (item.state === "failed") return [];
  if (item.state === "unchanged") return [[item.name, "unchanged", formatCount(item.packageCount, "package")]];
  const facts = [
    ...(item.trust === null ? [] : [`serial ${item.trust.serial}`]),
    ...(item.skippedCount === 0 ? [] : [`${item.skippedCount} skipped`]),
  ];
  return [
    [
      item.name,
      dryRun ? "would be updated" : "updated",
      formatCount(item.packageCount, "package"),
      formatBytes(item.sizeBytes),
      facts.join(", "),
    ],
  ];
}
