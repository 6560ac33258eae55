import type { InstalledItem, InstallOutcome } from "../../install/install-outcome.ts";
import { reasonIn } from "../../install/unjudged.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { type PackageChange, summaryLines } from "../../report/summary.ts";
import { formatBytes, formatCount } from "../../report/units.ts";

const MAX_PROGRAMS = 10;

type Kept = InstalledItem & { readonly action: "keep" };

/** The summary of an install or update: what changed, what stayed, what would be done. */
export function changeLines(outcome: InstallOutcome, style: Style): readonly string[] {
  const planned = outcome.packages.flatMap((item) => (item.action === "plan" ? [planRow(item)] : []));
  const kept = outcome.packages.filter((item): item is Kept => item.action === "keep");
  const changed = outcome.packages.flatMap((item) => toChange(item).map((change) => ({ item, change })));
  const changes = summaryLines(
    changed.map(({ change }) => change),
    style,
  );
  return [
    ...columns(planned),
    ...changes.flatMap((line, index) => [line, ...programLines(changed[index]?.item, style)]),
    ...kept.filter((item) => !isCurrent(item)).map((item) => `= ${item.name} ${item.version} ${stays(item)}`),
    ...upToDateLines(kept.filter(isCurrent)),
  ];
}

/** How many of each, and how much was received, for more than one package; otherwise nothing. */
export function changeTotals({ packages: items }: InstallOutcome): readonly string[] {
  const count = (...actions: readonly InstalledItem["action"][]) =>
    items.filter(({ action }) => actions.includes(action)).length;
  const acted = count("install", "reinstall", "change", "fail");
  if (acted === 0 || items.length < 2) return [];
  const received = items.reduce((sum, item) => sum + ("bytesReceived" in item ? item.bytesReceived : 0), 0);
  const counts: readonly (readonly [number, string])[] = [
    [count("install", "reinstall"), "installed"],
    [count("change"), "updated"],
    [count("keep"), "unchanged"],
    [count("fail"), "failed"],
  ];
  const told = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return [[...told, ...(received === 0 ? [] : [formatBytes(received)])].join(", ")];
}

/** One line, however many they are; a single package is named. */
function upToDateLines(kept: readonly Kept[]): readonly string[] {
  const [only] = kept;
  if (only === undefined) return [];
  if (kept.length === 1) return [`= ${only.name} ${only.version} is up to date`];
  return [`= ${formatCount(kept.length, "package")} are up to date`];
}

/** The commands that a new package brings; an update brings those that were there. */
function programLines(item: InstalledItem | undefined, style: Style): readonly string[] {
  if (item === undefined || (item.action !== "install" && item.action !== "reinstall")) return [];
  if (item.links.length === 0) return [];
  const more = item.links.length > MAX_PROGRAMS ? ` and ${item.links.length - MAX_PROGRAMS} more` : "";
  const label = item.links.length === 1 ? "program" : "programs";
  return [`  ${style.dim(`${label}:`)} ${item.links.slice(0, MAX_PROGRAMS).join(", ")}${more}`];
}

function isCurrent({ orphaned, error }: Kept): boolean {
  return !orphaned && error === undefined;
}

function stays({ name, repository, orphaned, error }: Kept): string {
  if (!orphaned && error !== undefined) return `stays as it is: ${reasonIn(name, error)}`;
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
