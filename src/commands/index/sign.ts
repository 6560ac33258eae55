import { EXIT_CODES } from "../../errors.ts";
import { type SignIndexOutcome, signPackageIndex } from "../../repository-index/sign.ts";
import { defineCommand } from "../command.ts";
import { PASSPHRASE_RULES, SIGNING_OPTIONS, signersRequest } from "../signing-options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("path", {
        type: "string",
        default: "index",
        description: "The directory of an index, or the key-set-N.txt in it",
      })
      .options(SIGNING_OPTIONS)
      .example("$0 index sign index --key release", "Add a signature to the existing ones"),
  rules: PASSPHRASE_RULES,
  dryRun: true,
  run: async (context, args) => {
    const { dryRun, workingDirectory: directory } = context;
    const outcome = await signPackageIndex(context, {
      path: args.path,
      directory,
      signing: signersRequest(context, args),
      dryRun,
    });
    context.report.result(outcome, () => lines(outcome, dryRun));
    return EXIT_CODES.done;
  },
});

function lines({ document, signerIds, threshold, files }: SignIndexOutcome, dryRun: boolean): readonly string[] {
  const needed = threshold === null ? "" : `, ${threshold} needed`;
  const would = dryRun ? "would be " : "";
  return [`${document}: ${would}signed by ${signerIds.join(", ")}${needed}`, ...files];
}
