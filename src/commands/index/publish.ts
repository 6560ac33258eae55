import { type PublishIndexOutcome, publishPackageIndex } from "../../repository-index/publish.ts";
import { defineCommand, finishWith } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { builtLines, diffLines } from "./lines.ts";
import { DRAFT_OPTIONS, DRAFT_RULES, draftOptions, SERIAL_OPTIONS, SERIAL_RULES, serialOptions } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", { type: "string", demandOption: true, description: "registry/name, without a tag" })
      .positional("directory", { type: "string", description: "What `pkg index build` wrote; without it one is built" })
      .option("from", {
        type: "string",
        array: true,
        nargs: 1,
        default: [] as readonly string[],
        description:
          "A package, e.g. ghcr.io/me/tools/trurl, a version of it as NAME:TAG, or a pkg.json file; the packages before stay",
      })
      .options(DRAFT_OPTIONS)
      .options(SERIAL_OPTIONS)
      .example("$0 index publish ghcr.io/me/index --from ghcr.io/me/tools/trurl", "Build, sign and publish")
      .example("$0 index publish ghcr.io/me/index", "The same packages as they are now, renewed")
      .example("$0 index publish ghcr.io/me/index index", "What was built and signed before"),
  rules: [
    ...DRAFT_RULES,
    ...SERIAL_RULES,
    excludes("directory", ["from", ...Object.keys(DRAFT_OPTIONS)], "it is built already"),
  ],
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await publishPackageIndex(context, {
      ...draftOptions(context, args.from, args),
      ...serialOptions(args),
      reference: args.reference,
      built: args.directory ?? null,
      directory: context.workingDirectory,
      keepGoing: args["keep-going"],
      dryRun: context.dryRun,
    });
    context.report.result(outcome, () => lines(outcome));
    return finishWith(context, errors);
  },
});

function lines(outcome: PublishIndexOutcome): readonly string[] {
  const { reference, serial, state, digest, signerIds, built, changes, gone } = outcome;
  const head = built === null ? (changes === null ? [] : diffLines(changes, gone)) : builtLines(built);
  const signed = `signed by ${signerIds.join(", ")}`;
  switch (state) {
    case "published":
      return [
        ...head,
        `Published ${reference}, serial ${serial}, ${signed}`,
        `${digest}`,
        `Use it: pkg repo add ${reference}`,
      ];
    case "would publish":
      return [...head, `Would publish ${reference}, serial ${serial}, ${signed}`];
    case "unchanged":
      return [`${reference} is serial ${serial} already`];
    case "refused":
      return [...head, "Nothing was published"];
  }
}
