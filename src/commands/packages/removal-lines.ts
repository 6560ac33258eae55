import type { EmitEvent } from "../../base/events.ts";
import type { RemovedItem, RemovedPackage, RemoveOutcome } from "../../install/removal-outcome.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { summaryLines } from "../../report/summary.ts";
import { formatBytes } from "../../report/units.ts";

/** What was removed, or would be: what was named, then the dependencies that went along. */
export function removalLines({ packages, dryRun }: RemoveOutcome, style: Style): readonly string[] {
  const removed = packages.filter(isRemoved);
  return [
    ...columns(packages.flatMap(planRow)),
    ...packages.flatMap((item) => purgedLines(item, dryRun)),
    ...summaryLines(
      removed.map(({ name, version }) => ({ kind: "removed", name, version })),
      style,
    ).map((line, index) =>
      removed[index]?.isDependency === true ? `${line}  ${style.dim("nothing needs it")}` : line,
    ),
    ...packages.flatMap((item) => markLines(item, dryRun)),
  ];
}

/** A removal alone frees no room: whoever removes something for that has to know. */
export function tellWhatStays({ emit }: { readonly emit: EmitEvent }, { packages }: RemoveOutcome): void {
  if (!packages.some(isRemoved)) return;
  emit({
    kind: "note",
    message: "`pkg undo` brings it back; `pkg clean --all` frees the room of all that is kept for that",
  });
}

/** How many of each, for more than one package; nothing where nothing was done. */
export function removalTotals(items: readonly Pick<RemovedItem, "action">[]): readonly string[] {
  const count = (action: RemovedItem["action"]) => items.filter((item) => item.action === action).length;
  const counts = [
    [count("remove") + count("purge"), "removed"],
    [count("mark"), "kept"],
    [count("fail"), "failed"],
  ] as const;
  if (items.length < 2 || count("plan") > 0) return [];
  return [counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(", ")];
}

function isRemoved(item: RemovedItem): item is RemovedPackage {
  return item.action === "remove";
}

function planRow(item: RemovedItem): readonly (readonly string[])[] {
  if (item.action !== "plan") return [];
  const note = item.isDependency ? " (nothing needs it)" : "";
  return [[`would remove ${item.name} ${item.version}${note}`, formatBytes(item.sizeBytes), programsCell(item.links)]];
}

function programsCell(links: readonly string[]): string {
  return links.length === 0 ? "" : `${links.length === 1 ? "program" : "programs"}: ${links.join(", ")}`;
}

function markLines(item: RemovedItem, dryRun: boolean): readonly string[] {
  if (item.action !== "mark") return [];
  const { name, version, neededBy } = item;
  const needers = `${neededBy.join(", ")} ${neededBy.length === 1 ? "needs" : "need"} it`;
  return [`= ${name} ${version} ${dryRun ? "would stay" : "stays"} as a dependency: ${needers}`];
}

function purgedLines(item: RemovedItem, dryRun: boolean): readonly string[] {
  const done = dryRun ? "would remove" : "removed";
  return item.action === "purge" ? item.purged.map((path) => `${done} what was kept of ${item.name}: ${path}`) : [];
}
