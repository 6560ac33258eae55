import type { FilesOutcome } from "../../inspect/inspect.ts";
import { filesOf } from "../../inspect/named.ts";
import { defineCommand, finishWith } from "../command.ts";
import { NAMED_PACKAGES } from "../installed-packages.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("packages", NAMED_PACKAGES).example("$0 files trurl", "What it placed"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await filesOf(context, args.packages, context.workingDirectory);
    context.report.result(
      { packages: outcome },
      () => outcome.flatMap((item) => ("error" in item ? [] : lines(item))),
      "It has no files",
    );
    return finishWith(context, errors);
  },
});

function lines({ files, links }: FilesOutcome): readonly string[] {
  return [
    ...files.map(({ path }) => path),
    ...links.map(({ path, target, kind, holds }) => {
      const what = holds === undefined ? "" : ` (${HELD[holds]})`;
      return `${path} ${kind === "copy" ? "copied from" : "->"} ${target}${what}`;
    }),
  ];
}

const HELD: Readonly<Record<NonNullable<FilesOutcome["links"][number]["holds"]>, string>> = {
  man: "man page",
  completions: "completions",
  desktop: "desktop entry",
  icons: "icon",
};
