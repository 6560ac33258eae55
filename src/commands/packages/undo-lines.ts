import { changeOf } from "../../inspect/history.ts";
import type { UndoOutcome } from "../../install/undo.ts";
import type { Context } from "../context.ts";
import { historyLines } from "./history-lines.ts";

/** Tells what was brought back, or would be. */
export function reportUndo({ report }: Pick<Context, "report">, outcome: UndoOutcome, nothing: string): void {
  const { dryRun, packages, undone } = outcome;
  const changes = packages.flatMap((item) => {
    if (item.action === "fail") return [];
    const [before, after] = [item.previousVersion, item.version].map((version) =>
      version === null ? null : { version },
    );
    return [changeOf(item.name, before ?? null, after ?? null)];
  });
  const head = undone === null || undone === "" ? [] : [`${dryRun ? "Would undo" : "Undoing"}: ${undone}`];
  const lines = () => [
    ...(changes.length === 0 ? [] : head),
    ...historyLines(changes, report.style).map((line) => (dryRun ? `would change: ${line}` : line)),
  ];
  report.result(outcome, lines, packages.length === 0 ? nothing : undefined);
}
