import type { OutdatedItem, OutdatedOutcome } from "../../install/outdated.ts";
import { reasonIn } from "../../install/unjudged.ts";
import { columns } from "../../report/columns.ts";
import { formatCount } from "../../report/units.ts";

/** What is said on its own where every package is up to date; undefined where one is not, or nobody can tell. */
export function allWell({ packages }: OutdatedOutcome): string | undefined {
  return packages.length === 0 ? "Everything is up to date" : undefined;
}

/** One line for each package that has a newer version, or of which nobody can tell. */
export function outdatedLines({ packages }: OutdatedOutcome): readonly string[] {
  const unasked = packages.filter(({ state }) => state === "unasked").length;
  const others = unasked === packages.length ? "Everything that came from a repository is up to date" : null;
  const asking = `${formatCount(unasked, "package")} installed by reference: \`pkg update --check\` asks their registries`;
  return [...columns(packages.flatMap(row)), ...(unasked === 0 ? [] : [...(others === null ? [] : [others]), asking])];
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
