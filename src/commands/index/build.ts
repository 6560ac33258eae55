import { buildPackageIndex } from "../../repository-index/build.ts";
import { defineCommand, finishWith } from "../command.ts";
import { builtLines, signatureLines } from "./lines.ts";
import { DRAFT_OPTIONS, DRAFT_RULES, draftOptions, SERIAL_OPTIONS, SERIAL_RULES, serialOptions } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("sources", {
        type: "string",
        array: true,
        default: [] as readonly string[],
        description:
          "Packages, e.g. ghcr.io/me/tools/trurl, versions of one as NAME:TAG, or pkg.json files; by default those in the index so far",
      })
      .options(DRAFT_OPTIONS)
      .options(SERIAL_OPTIONS)
      .option("previous", {
        type: "string",
        requiresArg: true,
        description: "The index to build on: a directory, file, address or reference; by default what --output has",
      })
      .option("output", {
        alias: "o",
        type: "string",
        default: "index",
        requiresArg: true,
        description: "The directory to write it into",
      })
      .example("$0 index build ghcr.io/me/tools/trurl --repository ghcr.io/me/index", "Into the directory index")
      .example("$0 index build --previous index --expires-in 90d", "The same packages as they are now, renewed")
      .example("$0 index build --prefix localhost:5000/tools --repository tools", "All that a registry lists"),
  rules: [...DRAFT_RULES, ...SERIAL_RULES],
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await buildPackageIndex(context, {
      ...draftOptions(context, args.sources, args),
      ...serialOptions(args),
      previous: args.previous ?? null,
      output: args.output,
      directory: context.workingDirectory,
      keepGoing: args["keep-going"],
      dryRun: context.dryRun,
    });
    context.report.result(outcome, () => [
      ...builtLines(outcome),
      ...signatureLines(outcome),
      ...(outcome.files.length === 0 ? ["Nothing was written"] : outcome.files),
    ]);
    return finishWith(context, errors);
  },
});
