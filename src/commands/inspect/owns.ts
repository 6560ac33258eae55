import type { OwnsOutcome } from "../../inspect/inspect.ts";
import { type Named, ownersOf } from "../../inspect/named.ts";
import { defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("paths", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Paths, names in the bin directory, or words that install takes",
      })
      .example("$0 owns ~/.local/bin/trurl", "Which package placed it"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await ownersOf(context, args.paths, context.workingDirectory);
    context.report.result({ paths: outcome.map(byPath) }, () =>
      outcome.flatMap((item) => ("error" in item ? [] : [line(item, args.paths.length > 1)])),
    );
    return finishWith(context, errors);
  },
});

/** What was typed here is a path, not the name of a package. */
function byPath(item: Named<OwnsOutcome>["outcome"][number]) {
  return "error" in item ? { path: item.name, error: item.error } : item;
}

function line({ path, name, version }: OwnsOutcome, isOneOfMany: boolean): string {
  return `${isOneOfMany ? `${path}: ` : ""}${name} ${version}`;
}
