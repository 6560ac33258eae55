import type { OutdatedItem, OutdatedOutcome } from "../../install/outdated.ts";
import { reasonIn } from "../../install/unjudged.ts";
import { columns } from "../../report/columns.ts";
import { formatCount } from "../../report/units.ts";

/** What is said where every package is up to date. */
const UP_TO_DATE = "Everything is up to date";

/** One line for each package that has a newer version, or of which nobody can tell. */
export function outdatedLines({ packages }: OutdatedOutcome): readonly string[] {
  const rows = packages.flatMap(row);
  const unasked = packages.filter(({ state }) => state === "unasked").length;
  const isAllWell = packages.every(({ state }) => state === "unasked");
  return [
    ...columns(rows),
    ...(isAllWell && unasked === 0 ? [UP_TO_DATE] : []),
    ...(isAllWell && unasked > 0 ? ["Everything that came from a repository is up to date"] : []),
    ...(unasked > 0
      ? [`${formatCount(unasked, "package")} installed by reference: \`pkg update --check\` asks their registries`]
      : []),
  ];
}

function row(item: OutdatedItem): readonly (readonly string[])[] {
  switch (item.state) {
    case "outdated": {
      const available = item.rebuilt ? `${item.availableVersion} (rebuilt)` : item.availableVersion;
      return [[item.name, `${item.version} → ${available}`, item.repository ?? ""]];
    }
    case "held":
      return [[item.name, `${item.version} (held: "${item.requested}")`, ""]];
    case "orphaned":
      return [[item.name, `${item.version} (orphaned: its repository was removed)`, item.repository ?? ""]];
    case "unjudged":
      return [
        [item.name, item.version, `${item.repository ?? ""} (unknown: ${reasonIn(item.name, item.error)})`.trim()],
      ];
    case "unasked":
    case "failed":
      return [];
  }
}
