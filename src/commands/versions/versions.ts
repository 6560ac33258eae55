import { type KnownVersion, type KnownVersions, versionsOf } from "../../inspect/versions.ts";
import { columns, paragraphs } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        demandOption: true,
        description: "Packages, as install takes them",
      })
      .example("$0 versions trurl", "What the index has, older tags, what is installed and what is kept"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await versionsOf(context, args.packages, context.workingDirectory);
    const { style } = context.report;
    context.report.result({ packages: outcome }, () =>
      paragraphs(outcome.map((item) => ("error" in item ? [] : lines(item, style)))),
    );
    return finishWith(context, errors);
  },
});

function lines({ name, versions }: KnownVersions, style: Style): readonly string[] {
  return [
    style.bold(name),
    ...columns(versions.map((item) => [`  ${item.version}`, item.repository ?? "", markOf(name, item, style)])),
  ];
}

function markOf(
  name: string,
  { version, reference, isInstalled, isPinned, isKept }: KnownVersion,
  style: Style,
): string {
  if (isInstalled) return style.green(isPinned ? "installed, pinned" : "installed");
  if (isKept) return `kept: pkg use ${name}@${version}`;
  return reference === null ? "" : style.dim(`pkg install ${reference}`);
}
