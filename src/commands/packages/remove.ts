import { EXIT_CODES } from "../../errors.ts";
import { remove } from "../../install/remove.ts";
import { fileToSave, saveRemoved } from "../../install/save-declared.ts";
import { defineCommand, finishWith } from "../command.ts";
import { NAMED_PACKAGES } from "../installed-packages.ts";
import { removalLines, removalTotals, tellWhatStays } from "./removal-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", NAMED_PACKAGES)
      .option("purge", {
        type: "boolean",
        default: false,
        description: "Also remove what was written beside its files, and what earlier versions left",
      })
      .option("keep-deps", {
        type: "boolean",
        default: false,
        description: "Leave dependencies that nothing needs any more; `pkg autoremove` removes them later",
      })
      .option("save", { type: "boolean", default: false, description: "Take them out of packages.toml too" })
      .option("force", { type: "boolean", default: false, description: "Also remove what others need" })
      .example("$0 remove trurl", "Removes exactly what was placed")
      .example("$0 drop trurl --save", "And takes it out of packages.toml")
      .example("$0 remove trurl --purge", "And what trurl wrote beside its files"),
  dryRun: true,
  run: async (context, args) => {
    const request = {
      names: args.packages,
      directory: context.workingDirectory,
      dryRun: context.dryRun,
      purge: args.purge,
      keepDependencies: args["keep-deps"],
      force: args.force,
    };
    if (!(await confirmed(context, request))) {
      context.report.say(["Nothing was removed"]);
      return EXIT_CODES.failed;
    }
    const file = args.save ? fileToSave(context, context.workingDirectory) : null;
    const { outcome, errors } = await remove(context, request);
    context.report.result(outcome, () => removalLines(outcome, context.report.style));
    tellWhatStays(context, outcome);
    if (file !== null && !context.dryRun) {
      // What is not installed may still be declared.
      const isLeft = (item: (typeof outcome.packages)[number]) =>
        item.action === "fail" && item.error.code !== "NOT_INSTALLED";
      const failed = new Set(outcome.packages.filter(isLeft).map(({ name }) => name));
      const names = outcome.packages.map(({ name }) => name);
      saveRemoved(context, { file, words: [...args.packages, ...names].filter((word) => !failed.has(word)) });
    }
    return finishWith(context, errors, removalTotals(outcome.packages));
  },
});

type Confirmable = Parameters<typeof command.run>[0];

/** A single named package is removed without asking; for several that are there, a terminal is asked. */
async function confirmed(context: Confirmable, request: Parameters<typeof remove>[1]): Promise<boolean> {
  if (request.names.length < 2 || context.yes || context.dryRun || !context.report.converses) return true;
  const { outcome } = await remove({ ...context, emit: () => {} }, { ...request, dryRun: true });
  const names = outcome.packages.flatMap((item) => (item.action === "plan" && !item.isDependency ? [item.name] : []));
  if (names.length < 2) return true;
  return context.report.confirm(`Remove ${names.length} packages: ${names.join(", ")}?`, true);
}
