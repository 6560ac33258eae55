import { EXIT_CODES, PkgError } from "../../errors.ts";
import { ownProgram } from "../../self/own-program.ts";
import { planUninstall, type SelfUninstallOutcome, uninstallSelf } from "../../self/uninstall.ts";
import { defineCommand, finishWith } from "../command.ts";
import type { Context } from "../context.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("purge", {
        type: "boolean",
        default: false,
        description: "Also remove all packages, and everything that was fetched",
      })
      .option("settings", {
        type: "boolean",
        default: false,
        description: "With --purge: the config file and the signing keys too",
      })
      .example("$0 self uninstall --dry-run", "What would be removed, and what would stay")
      .example("$0 self uninstall --purge --dry-run", "The same with all packages"),
  dryRun: true,
  run: async (context, args) => {
    if (args.settings && !args.purge) {
      throw new PkgError("USAGE", "Cannot remove the settings alone: --settings was given without --purge", {
        hint: "Add --purge, or leave out --settings",
      });
    }
    const { dryRun } = context;
    const request = { program: ownProgram(), purge: args.purge, settings: args.settings, dryRun };
    const plan = planUninstall(context.config.paths, request);
    if (!(await agreed(context, plan))) {
      context.report.say(["Nothing was removed"]);
      return EXIT_CODES.failed;
    }
    const { outcome, errors } = await uninstallSelf(context, request, () => context.close());
    context.report.result(outcome, () => lines(outcome));
    return finishWith(context, errors);
  },
});

async function agreed({ yes, dryRun, report }: Context, { removed }: SelfUninstallOutcome): Promise<boolean> {
  if (yes || dryRun) return true;
  if (report.converses) return await report.confirm(`Remove ${removed.join(", ")}?`, false);
  throw new PkgError("USAGE", "Cannot uninstall pkg: there is no terminal to ask on", { hint: "Add --yes" });
}

function lines({ dryRun, removed, left }: SelfUninstallOutcome): readonly string[] {
  const verb = dryRun ? "would remove" : "removed";
  return [...removed.map((path) => `${verb} ${path}`), ...left.map((path) => `left ${path}`)];
}
