import { verifyInstalled } from "../../inspect/verify-installed.ts";
import { defineCommand, finishWith } from "../command.ts";
import { INSTALLED_PACKAGES } from "./installed-packages.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("packages", INSTALLED_PACKAGES).example("$0 verify", "Check everything that is installed"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await verifyInstalled(context, {
      texts: args.packages,
      directory: context.workingDirectory,
    });
    const { style } = context.report;
    context.report.result(outcome, () =>
      outcome.packages.flatMap((item) => [
        `${item.state === "ok" ? style.green("ok") : style.red(item.state)} ${item.name} ${item.version}`,
        ...item.unrecorded.map((path) => `  not placed by pkg: ${path}`),
      ]),
    );
    return finishWith(context, errors);
  },
});
