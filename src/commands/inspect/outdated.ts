import { outdated } from "../../inspect/outdated.ts";
import { ALLOW_STALE, defineCommand, finishWith, waiversOf } from "../command.ts";
import { INSTALLED_PACKAGES } from "../installed-packages.ts";
import { allWell, outdatedLines } from "../outdated-lines.ts";
import { UNJUDGED } from "../unjudged-text.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", INSTALLED_PACKAGES)
      .options(ALLOW_STALE)
      .example("$0 outdated", "What `pkg update` would change, from the indexes as they are")
      .epilogue(UNJUDGED),
  dryRun: true,
  run: async (context, args) => {
    const asked = { texts: args.packages, directory: context.workingDirectory };
    const { outcome, errors } = await outdated(context, asked, waiversOf(args));
    context.report.result(outcome, () => outdatedLines(outcome), allWell(outcome, await context.records()));
    return finishWith(context, errors);
  },
});
