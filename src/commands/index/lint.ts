import { formatCount } from "../../report/units.ts";
import { lintError, lintPackageIndex } from "../../repository-index/lint.ts";
import { defineCommand, finishWith } from "../command.ts";
import { ACCEPT_OPTIONS, acceptOptions, INDEX } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("index", INDEX)
      .option("references", {
        type: "boolean",
        default: true,
        description: "--no-references: do not check whether what it names exists",
      })
      .options(ACCEPT_OPTIONS)
      .example("$0 index lint index", "A directory that is to be published")
      .example("$0 index lint ghcr.io/me/index --json", "What is published, for a program"),
  dryRun: true,
  run: async (context, args) => {
    const { workingDirectory: directory } = context;
    const request = { source: args.index, directory, references: args.references, ...acceptOptions(args) };
    const outcome = await lintPackageIndex(context, request);
    context.report.result(outcome, () => [
      ...outcome.findings.map(
        ({ level, subject, message }) => `${level}: ${subject === null ? "" : `${subject}: `}${message}`,
      ),
      `${outcome.repository}, serial ${outcome.serial}, ${formatCount(outcome.packageCount, "package")}, ${formatCount(outcome.entryCount, "entry")}: ${formatCount(outcome.errorCount, "error")}, ${formatCount(outcome.warningCount, "warning")}`,
    ]);
    const failed = lintError(outcome);
    return finishWith(context, failed === null ? [] : [failed]);
  },
});
