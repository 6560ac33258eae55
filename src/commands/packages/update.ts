import { syncThenOutdated } from "../../inspect/outdated.ts";
import { NO_CONSENT } from "../../install/name-concerns.ts";
import { update } from "../../install/update.ts";
import { askingUntilNo } from "../asker.ts";
import { changeLines, changeTotals } from "../change-lines.ts";
import { ALLOW_STALE, defineCommand, finishWith, INSECURE_SKIP, waiversOf } from "../command.ts";
import { ALLOW_DOWNGRADE, ALLOW_NAME, allowedNames, consentTo, SIGNED_AS } from "../consent.ts";
import { INSTALLED_PACKAGES } from "../installed-packages.ts";
import { excludes } from "../option-rules.ts";
import { allWell, outdatedLines } from "../outdated-lines.ts";
import { UNJUDGED } from "../unjudged-text.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", INSTALLED_PACKAGES)
      .option("check", { type: "boolean", default: false, description: "Only show what is out of date" })
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .options(SIGNED_AS)
      .options(ALLOW_DOWNGRADE)
      .options(ALLOW_NAME)
      .options(INSECURE_SKIP)
      .options(ALLOW_STALE)
      .example("$0 update", "Everything that is installed")
      .example("$0 update trurl --dry-run", "What would change")
      .epilogue(UNJUDGED),
  rules: [excludes("check", ["force", "allow-name", "allow-downgrade", "signed-as"], "--check places nothing")],
  dryRun: true,
  run: async (context, args) => {
    const asked = { texts: args.packages, directory: context.workingDirectory };
    if (args.check) {
      const { outcome, errors } = await syncThenOutdated(context, asked, waiversOf(args));
      context.report.result(outcome, () => outdatedLines(outcome), allWell(outcome, await context.records()));
      return finishWith(context, errors);
    }
    const { outcome, errors } = await update(context, {
      names: args.packages,
      directory: context.workingDirectory,
      force: args.force,
      dryRun: context.dryRun,
      skip: waiversOf(args),
      consentTo: (questions) => {
        const given = { names: allowedNames(args), downgrade: args["allow-downgrade"], signedAs: args["signed-as"] };
        return consentTo({ ...context, report: askingUntilNo(context.report) }, questions, { ...NO_CONSENT, ...given });
      },
    });
    context.report.result(outcome, () => changeLines(outcome, context.report.style), "Nothing is installed");
    return finishWith(context, errors, changeTotals(outcome));
  },
});
