import { listSome } from "../base/lists.ts";
import type { InstalledItem, InstallOutcome } from "../install/install-outcome.ts";
import { columns } from "../report/columns.ts";
import type { Style } from "../report/style.ts";
import { type PackageChange, summaryLines } from "../report/summary.ts";
import { formatBytes, formatCount } from "../report/units.ts";
import { isAboutIndex, reasonIn } from "../resolve/unjudged.ts";

const MAX_PROGRAMS = 10;

type Kept = InstalledItem & { readonly action: "keep" };

/** The summary of an install or update: what changed, what stayed, what would be done. */
export function changeLines(outcome: InstallOutcome, style: Style): readonly string[] {
  const items = outcome.packages;
  const planned = items.flatMap((item) => (item.action === "plan" ? [planRow(item)] : []));
  const changed = items.filter(isChanged).filter(({ isDependency }) => !isDependency);
  const changes = summaryLines(changed.map(toChange), style);
  const gone = items.filter((item) => item.action === "remove").filter(({ isDependency }) => !isDependency);
  const kept = items.filter((item): item is Kept => item.action === "keep");
  return [
    ...columns(planned),
    ...changes.flatMap((line, index) => [line, ...programLines(changed[index], style)]),
    ...summaryLines(
      gone.map(({ name, version }) => ({ kind: "removed", name, version })),
      style,
    ),
    ...dependencyLines(items),
    ...items.flatMap((item) => (item.action === "mark" ? [markLine(item)] : [])),
    ...stayingLines(kept.filter((item) => !isCurrent(item))),
    ...upToDateLines(kept.filter(isCurrent)),
  ];
}

const MAX_DEPENDENCIES = 8;

/** One line for all dependencies that came, one for those that changed, one for those that went. */
function dependencyLines(items: readonly InstalledItem[]): readonly string[] {
  const changed = items.filter(isChanged).filter(({ isDependency }) => isDependency);
  const [updated, placed] = [changed.filter(isUpdate), changed.filter((item) => !isUpdate(item))];
  const removed = items.filter((item) => item.action === "remove").filter(({ isDependency }) => isDependency);
  return [
    ...dependencyLine(
      "+",
      "",
      placed.map(({ name, version }) => `${name} ${version}`),
    ),
    ...dependencyLine(
      "~",
      "",
      updated.map(({ name, version, previousVersion }) => `${name} ${previousVersion} → ${version}`),
    ),
    ...dependencyLine(
      "-",
      " that nothing needs any more",
      removed.map(({ name, version }) => `${name} ${version}`),
    ),
  ];
}

function dependencyLine(sign: string, why: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  return [
    `${sign} ${texts.length} ${texts.length === 1 ? "dependency" : "dependencies"}${why}: ${listSome(texts, MAX_DEPENDENCIES)}`,
  ];
}

function markLine({ name, version, isDependency }: InstalledItem & { readonly action: "mark" }): string {
  const state = isDependency ? "a dependency now" : "asked for now; it was a dependency";
  return `= ${name} ${version} is ${state}`;
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
    [count("remove"), "removed"],
    [count("keep"), "unchanged"],
    [count("fail"), "failed"],
  ];
  const told = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return [[...told, ...(received === 0 ? [] : [formatBytes(received)])].join(", ")];
}

/** One line, however many they are; a single package is named. */
function upToDateLines(all: readonly Kept[]): readonly string[] {
  const asked = all.filter(({ isDependency }) => !isDependency);
  const kept = asked.length > 0 ? asked : all;
  const [only] = kept;
  if (only === undefined) return [];
  if (kept.length === 1) return [`= ${only.name} ${only.version} is up to date`];
  return [`= ${formatCount(kept.length, "package")} are up to date`];
}

/** The commands that a new package brings; an update brings those that were there. */
function programLines(item: Changed | undefined, style: Style): readonly string[] {
  if (item === undefined || item.action === "change") return [];
  if (item.links.length === 0) return [];
  const more = item.links.length > MAX_PROGRAMS ? ` and ${item.links.length - MAX_PROGRAMS} more` : "";
  const label = item.links.length === 1 ? "program" : "programs";
  return [`  ${style.dim(`${label}:`)} ${item.links.slice(0, MAX_PROGRAMS).join(", ")}${more}`];
}

function isCurrent({ orphaned, error }: Kept): boolean {
  return !orphaned && error === undefined;
}

const MAX_STAYING = 8;

/** One line for each, or for all that stay because of one index. */
function stayingLines(kept: readonly Kept[]): readonly string[] {
  return [...Map.groupBy(kept, stays)].flatMap(([why, items]) => {
    const names = items.map(({ name, version }) => `${name} ${version}`);
    const reason = why.slice(STAYS.length);
    if (names.length === 1 || !isAboutIndex(reason)) return names.map((one) => `= ${one} ${why}`);
    return [`= ${listSome(names, MAX_STAYING)} stay as they are: ${reason}`];
  });
}

const STAYS = "stays as it is: ";

function stays({ name, repository, orphaned, error }: Kept): string {
  if (!orphaned && error !== undefined) return `${STAYS}${reasonIn(name, error)}`;
  return `stays as it is, orphaned: its repository "${repository}" was removed; \`pkg install ${name} --replace\` takes another's`;
}

function planRow(item: InstalledItem & { readonly action: "plan" }): readonly string[] {
  const { previousVersion: from } = item;
  const version = from === null || from === item.version ? item.version : `${from} → ${item.version}`;
  const size = item.sizeBytes === null ? "unknown size" : formatBytes(item.sizeBytes);
  const asDependency = item.isDependency ? " as a dependency" : " as asked for";
  const note = item.step === "mark" ? asDependency : item.isDependency ? " (dependency)" : "";
  const head = `would ${item.step} ${item.name} ${version}${note}`;
  // Nothing of it is fetched.
  if (item.step === "remove") return [head, size];
  return [head, size, `checks: ${item.checks.join(", ")}`, item.reference];
}

type Changed = InstalledItem & { readonly action: "install" | "reinstall" | "change" };

function isChanged(item: InstalledItem): item is Changed {
  return item.action === "install" || item.action === "reinstall" || item.action === "change";
}

function isUpdate({ action, previousVersion }: Changed): boolean {
  return action === "change" && previousVersion !== null;
}

function toChange(item: Changed): PackageChange {
  const { name, version, previousVersion, durationMs, signedBy, skipped } = item;
  const fetched = {
    bytes: item.bytesReceived === 0 ? null : item.bytesReceived,
    elapsedMs: durationMs,
    signedBy,
    skipped,
  };
  return item.action === "change" && previousVersion !== null
    ? { kind: "changed", name, from: previousVersion, to: version, fetched }
    : { kind: "installed", name, version, fetched };
}
