import { install } from "../operations/install.ts";
import { changeLines } from "./change-lines.ts";
import { ALLOW_STALE, defineCommand, finishWith, INSECURE_SKIP, waiversOf } from "./command.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("packages", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Names as [family/]name[#id][@version][:repository], or references",
      })
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .option("reinstall", { type: "boolean", default: false, description: "Place again what is installed" })
      .options(INSECURE_SKIP)
      .options(ALLOW_STALE)
      .example("$0 install trurl", "The newest version")
      .example("$0 install trurl@8.13 git#ppkg.bundle.git.stable", "A version; one of several packages of a name")
      .example("$0 install ghcr.io/me/tools/trurl:8.14.1", "Straight from a registry"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await install(context, {
      specs: args.packages,
      force: args.force,
      reinstall: args.reinstall,
      dryRun: context.dryRun,
      skip: waiversOf(args),
    });
    context.report.result(outcome, () => changeLines(outcome, context.report.style));
    return finishWith(context, errors);
  },
});
