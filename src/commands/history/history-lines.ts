import type { HistoryChange } from "../../inspect/history.ts";
import type { Style } from "../../report/style.ts";

/** What was changed, a line each: `+ jq 1.8.1`, `trurl 8.13.0 → 8.14.1`, `- x 1`. */
export function historyLines(changes: readonly HistoryChange[], style: Style): readonly string[] {
  return changes.map((change) => historyLine(change, style));
}

/** What became of a package whose version stays: `pinned, links changed`. */
export function becameWords(became: NonNullable<HistoryChange["became"]>): string {
  return became.map((what) => (what === "links" || what === "range" ? `${what} changed` : what)).join(", ");
}

function historyLine({ action, name, version, previousVersion, became = [] }: HistoryChange, style: Style): string {
  switch (action) {
    case "install":
      return `${style.green("+")} ${name} ${version ?? ""}`;
    case "remove":
      return `${style.red("-")} ${name} ${previousVersion ?? ""}`;
    case "change":
      return `${style.yellow("~")} ${name} ${previousVersion ?? ""} → ${version ?? ""}`;
    case "relink":
      return `= ${name} ${version ?? ""} ${style.dim(becameWords(became))}`;
  }
}
