import { use } from "../../install/use.ts";
import { defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        demandOption: true,
        description: "NAME@VERSION of what is installed, in a version that is kept",
      })
      .example("$0 use trurl@8.13.0", "The version from before an update, without any request"),
  dryRun: true,
  run: async (context, args) => {
    const request = { words: args.packages, directory: context.workingDirectory, dryRun: context.dryRun };
    const { outcome, errors } = await use(context, request);
    context.report.result(outcome, () =>
      outcome.packages.flatMap((item) => (item.action === "fail" ? [] : line(item))),
    );
    return finishWith(context, errors);
  },
});

type Item = Awaited<ReturnType<typeof use>>["outcome"]["packages"][number];

function line({ action, name, version, previousVersion }: Exclude<Item, { readonly action: "fail" }>): string {
  if (previousVersion === null) return `${name} ${version}${action === "plan" ? " (would be)" : ""}, as a dependency`;
  if (action === "keep") return `${name} ${version} is in use already`;
  return `${action === "plan" ? "would change " : ""}${name} ${previousVersion} → ${version}`;
}
