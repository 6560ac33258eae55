import { changeOf, type HistoryChange } from "../../inspect/history.ts";
import type { UndoOutcome } from "../../install/undo.ts";
import type { Context } from "../context.ts";
import { becameWords, historyLines } from "./history-lines.ts";

/** Tells what was brought back, or would be, and what of it would be fetched again. */
export function reportUndo({ report }: Pick<Context, "report">, outcome: UndoOutcome, nothing: string): void {
  const { dryRun, packages, undone } = outcome;
  const items = packages.filter((item): item is Returned => item.action !== "fail");
  const head = undone === null || undone === "" ? [] : [`${dryRun ? "Would undo" : "Undoing"}: ${undone}`];
  const lines = () => [
    ...(items.length === 0 ? [] : head),
    ...(dryRun ? items.map(plannedLine) : historyLines(items.map(toChange), report.style)),
  ];
  report.result(outcome, lines, packages.length === 0 ? nothing : undefined);
}

type Returned = Exclude<UndoOutcome["packages"][number], { readonly action: "fail" }>;

function toChange(item: Returned): HistoryChange {
  const [before, after] = [item.previousVersion, item.version].map((version) =>
    version === null ? null : { version },
  );
  return changeOf(item.name, { before: before ?? null, after: after ?? null, became: item.became ?? [] });
}

function plannedLine(item: Returned): string {
  return `would ${plannedWords(toChange(item))}${item.isKept === false ? ", fetched again" : ""}`;
}

function plannedWords({ action, name, version, previousVersion, became = [] }: HistoryChange): string {
  switch (action) {
    case "install":
      return `install ${name} ${version}`;
    case "remove":
      return `remove ${name} ${previousVersion}`;
    case "change":
      return `change ${name} ${previousVersion} → ${version}`;
    case "relink":
      return `change ${name} ${version}: ${becameWords(became)}`;
  }
}
