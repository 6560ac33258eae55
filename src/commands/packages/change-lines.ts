import type { InstalledItem, InstallOutcome } from "../../install/install-outcome.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { type PackageChange, summaryLines } from "../../report/summary.ts";
import { formatBytes } from "../../report/units.ts";

/** The summary of an install or update: what changed, what stayed, what would be done. */
export function changeLines(outcome: InstallOutcome, style: Style): readonly string[] {
  const planned = outcome.packages.flatMap((item) => (item.action === "plan" ? [planRow(item)] : []));
  const kept = outcome.packages.flatMap((item) =>
    item.action === "keep" ? [`= ${item.name} ${item.version} ${item.orphaned ? stays(item) : "is up to date"}`] : [],
  );
  return [...columns(planned), ...summaryLines(outcome.packages.flatMap(toChange), style), ...kept];
}

function stays({ name, repository }: InstalledItem & { readonly action: "keep" }): string {
  return `stays as it is, orphaned: its repository "${repository}" was removed; \`pkg install ${name} --replace\` takes another's`;
}

function planRow(item: InstalledItem & { readonly action: "plan" }): readonly string[] {
  const version = item.previousVersion === null ? item.version : `${item.previousVersion} → ${item.version}`;
  const size = item.sizeBytes === null ? "unknown size" : formatBytes(item.sizeBytes);
  return [`would ${item.step} ${item.name} ${version}`, size, `checks: ${item.checks.join(", ")}`, item.reference];
}

function toChange(item: InstalledItem): readonly PackageChange[] {
  if (item.action === "keep" || item.action === "plan" || item.action === "fail") return [];
  const { name, version, previousVersion, durationMs, signedBy, skipped } = item;
  const fetched = {
    bytes: item.bytesReceived === 0 ? null : item.bytesReceived,
    elapsedMs: durationMs,
    signedBy,
    skipped,
  };
  if (item.action === "change" && previousVersion !== null) {
    return [{ kind: "changed", name, from: previousVersion, to: version, fetched }];
  }
  return [{ kind: "installed", name, version, fetched }];
}
