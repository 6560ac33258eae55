import { EXIT_CODES } from "../../errors.ts";
import { type SearchOutcome, search } from "../../inspect/search.ts";
import { columns } from "../../report/columns.ts";
import { defineCommand } from "../command.ts";
import { wholeNumber } from "../option-rules.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("query", {
        type: "string",
        demandOption: true,
        description: "Part of a name, or words of a description",
      })
      .option("limit", { type: "number", requiresArg: true, default: 20, description: "Show at most this many" })
      .example("$0 search trurl", "By name, what it provides, description or tag")
      .example('$0 search "url parser" --limit 5', "Several words"),
  rules: [wholeNumber("limit", 1)],
  dryRun: true,
  run: async (context, args) => {
    const outcome = await search(context, { query: args.query, limit: args.limit });
    const { style } = context.report;
    context.report.result(outcome, () =>
      outcome.hits.length === 0
        ? [`No package matches "${args.query}"`]
        : columns(
            outcome.hits.map((hit) => [
              `${hit.installed ? style.green("●") : " "} ${style.bold(nameToType(hit, outcome.hits))}`,
              hit.version,
              style.dim(hit.repository),
              hit.description.slice(0, 80),
            ]),
          ),
    );
    return EXIT_CODES.done;
  },
});

type Hit = SearchOutcome["hits"][number];

/** The name alone if it means one package, else with the id that tells it apart from the others. */
function nameToType(hit: Hit, hits: readonly Hit[]): string {
  const shared = hits.filter(({ name }) => name === hit.name).length > 1;
  return shared ? `${hit.name}#${hit.id}` : hit.name;
}
