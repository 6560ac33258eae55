import { infoOf, provenanceOf } from "../../inspect/named-info.ts";
import { paragraphs } from "../../report/columns.ts";
import { defineCommand, finishWith } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { infoDocument } from "./info-document.ts";
import { infoLines } from "./info-lines.ts";
import { provenanceLines } from "./provenance-lines.ts";
import { treeLines } from "./tree-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Packages, as install takes them",
      })
      .option("provenance", {
        type: "boolean",
        default: false,
        description: "Show who built it from which commit; looks in its registry where that is not recorded",
      })
      .option("deps", { type: "boolean", default: false, description: "Draw the tree of what it needs to run" })
      .example("$0 info trurl", "What the index says, and what is installed")
      .example("$0 info trurl --provenance", "Who built it, from what"),
  rules: [excludes("deps", ["provenance"], "one of them is shown at a time")],
  dryRun: true,
  run: async (context, args) => {
    const { style } = context.report;
    const directory = context.workingDirectory;
    if (args.deps) {
      const { dependencyTrees } = await import("../../inspect/dependency-tree.ts");
      const { outcome, errors } = await dependencyTrees(context, args.packages, directory);
      context.report.result({ packages: outcome }, () =>
        paragraphs(outcome.map((item) => ("error" in item ? [] : treeLines(item, style)))),
      );
      return finishWith(context, errors);
    }
    if (args.provenance) {
      const { outcome, errors } = await provenanceOf(context, args.packages, directory);
      context.report.result({ packages: outcome }, () =>
        paragraphs(outcome.map((item) => ("error" in item ? [] : provenanceLines(item, style)))),
      );
      return finishWith(context, errors);
    }
    const { prefix } = context.config.paths;
    const { outcome, errors } = await infoOf(context, args.packages, directory);
    const packages = outcome.map((item) => ("error" in item ? item : infoDocument(item)));
    context.report.result({ packages }, () =>
      paragraphs(outcome.map((item) => ("error" in item ? [] : infoLines(item, { style, prefix })))),
    );
    return finishWith(context, errors);
  },
});
