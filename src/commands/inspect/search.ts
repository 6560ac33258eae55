import { PkgError } from "../../errors.ts";
import { type SearchOutcome, search } from "../../inspect/search.ts";
import { columnsFitting } from "../../report/columns.ts";
import { cutLines } from "../../report/units.ts";
import { defineCommand, finishWith } from "../command.ts";
import { excludes, wholeNumber } from "../option-rules.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("query", {
        type: "string",
        array: true,
        default: [],
        description: "Part of a name, or words of a description",
      })
      .option("limit", { type: "number", requiresArg: true, default: 20, description: "Show at most this many" })
      .option("all", { type: "boolean", default: false, description: "Show every match; without words, every package" })
      .example("$0 search trurl", "By name, what it provides, description or tag")
      .example("$0 search url parser --limit 5", "Several words")
      .example("$0 search --all", "Every package there is"),
  rules: [wholeNumber("limit", 1), excludes("all", ["limit"], "--all shows every match")],
  dryRun: true,
  run: async (context, args) => {
    const query = args.query.length === 0 ? null : args.query.join(" ");
    if (query === null && !args.all) throw noWords();
    const { outcome, errors } = await search(context, { query, limit: args.all ? null : args.limit });
    const { style } = context.report;
    const counts = countNames(outcome.packages);
    context.report.result(
      outcome,
      () =>
        columnsFitting(
          outcome.packages.map((hit) => [
            `${hit.installedVersion !== null ? style.green("●") : " "} ${style.bold(nameToType(hit, counts))}`,
            hit.version,
            style.dim(hit.repository),
            hit.description,
          ]),
          context.report.width,
        ),
      query === null ? "There are no packages" : `No package matches "${query}"`,
    );
    context.report.say(
      cutLines(outcome.packages.length, outcome.total, "package", "`--limit N` or `--all` shows more"),
    );
    return finishWith(context, errors);
  },
});

type Hit = SearchOutcome["packages"][number];

/** How many hits have each name. */
function countNames(hits: readonly Hit[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of hits) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The name alone if it means one package, else with the id that tells it apart from the others. */
function nameToType(hit: Hit, counts: ReadonlyMap<string, number>): string {
  return (counts.get(hit.name) ?? 0) > 1 ? `${hit.name}#${hit.id}` : hit.name;
}

function noWords(): PkgError {
  return new PkgError("USAGE", "Cannot search: there is no word to look for", {
    hint: "Type a part of a name: pkg search trurl; or list every package: pkg search --all",
  });
}
