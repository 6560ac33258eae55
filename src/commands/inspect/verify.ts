import { type VerifiedInstallation, verifyInstalled } from "../../inspect/verify-installed.ts";
import type { Style } from "../../report/style.ts";
import { defineCommand, finishWith } from "../command.ts";
import { INSTALLED_PACKAGES } from "../installed-packages.ts";

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
    context.report.result(
      outcome,
      () => [
        ...outcome.packages.flatMap((item) => ("state" in item ? lines(item, style) : [])),
        ...outcome.unrecorded.map((path) => `${style.red("not recorded")} ${path}`),
      ],
      "Nothing is installed",
    );
    return finishWith(context, errors);
  },
});

function lines({ name, version, state, unrecorded }: VerifiedInstallation, style: Style): readonly string[] {
  return [
    `${state === "ok" ? style.green("ok") : style.red(state)} ${name} ${version}`,
    ...unrecorded.map((path) => `  not placed by pkg: ${path}`),
  ];
}
