import { aliasedPackage, type InstallationSummary, type ListOutcome, list } from "../../inspect/inspect.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand, finishWith } from "../command.ts";
import { INSTALLED_PACKAGES } from "../installed-packages.ts";
import { allWell, outdatedLines } from "../outdated-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", INSTALLED_PACKAGES)
      .option("outdated", {
        type: "boolean",
        default: false,
        description: "Only what has a newer version, as `pkg outdated` shows it",
      })
      .option("all", { type: "boolean", default: false, description: "Also dependencies that nobody asked for" })
      .option("deps", { type: "boolean", default: false, description: "The same as --all" })
      .example("$0 list", "What you asked for")
      .example("$0 list trurl --json", "One of them, for programs"),
  dryRun: true,
  run: async (context, args) => {
    const asked = { texts: args.packages, directory: context.workingDirectory };
    if (args.outdated) {
      // It needs the network, which a plain list never loads.
      const { outdated } = await import("../../inspect/outdated.ts");
      const { outcome, errors } = await outdated(context, asked, []);
      context.report.result(outcome, () => outdatedLines(outcome), allWell(outcome, await context.records()));
      return finishWith(context, errors);
    }
    const { outcome, errors } = await list(context, args.packages, context.workingDirectory);
    const { style } = context.report;
    const showsAll = args.all || args.deps || args.packages.length > 0;
    context.report.result(outcome, () => lines(outcome, { style, showsAll }), "Nothing is installed");
    return finishWith(context, errors);
  },
});

function lines(
  { packages }: ListOutcome,
  { style, showsAll }: { readonly style: Style; readonly showsAll: boolean },
): readonly string[] {
  const found = packages.flatMap((item) => ("error" in item ? [] : [item]));
  const shown = showsAll ? found : found.filter(({ isDependency }) => !isDependency);
  const hidden = found.length - shown.length;
  const count = hidden === 1 ? "1 dependency" : `${hidden} dependencies`;
  return [
    ...columns(shown.map((item) => row(item, style))),
    ...(hidden === 0
      ? []
      : [style.dim(`${shown.length === 0 ? "only" : "and"} ${count}; \`pkg list --all\` shows all`)]),
  ];
}

function row(item: InstallationSummary, style: Style): readonly string[] {
  return [
    style.bold(item.name),
    item.version,
    `${item.repository ?? item.reference}${packageWords(item)}`,
    formatBytes(item.sizeBytes),
    item.isDependency ? style.dim("dependency") : "",
    item.orphaned ? style.yellow("orphaned: its repository was removed") : "",
    item.skipped.length === 0 ? "" : style.yellow(`unchecked: ${item.skipped.join(", ")}`),
  ];
}

/** What package it is, where it is installed under another name. */
function packageWords(item: InstallationSummary): string {
  const name = aliasedPackage(item);
  return name === null ? "" : ` (${name})`;
}
