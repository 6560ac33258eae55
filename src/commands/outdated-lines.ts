import type { OutdatedItem, OutdatedOutcome } from "../inspect/outdated.ts";
import { columns } from "../report/columns.ts";
import { reasonIn } from "../resolve/unjudged.ts";
import type { Installations } from "../state/installations.ts";

/** What is said on its own where nothing is out of date; undefined where something is, or nobody can tell. */
export function allWell(
  { packages }: OutdatedOutcome,
  { installations }: { readonly installations: Pick<Installations, "isEmpty"> },
): string | undefined {
  if (packages.length > 0) return undefined;
  return installations.isEmpty() ? "Nothing is installed" : "Everything is up to date";
}

/** One line for each package that has a newer version, or of which nobody can tell. */
export function outdatedLines({ packages }: OutdatedOutcome): readonly string[] {
  return columns(packages.flatMap(row));
}

function whyHeld({ isPinned, requested }: OutdatedItem & { readonly state: "held" }): string {
  return isPinned ? "(pinned)" : `(held: "${requested}")`;
}

function row(item: OutdatedItem): readonly (readonly string[])[] {
  switch (item.state) {
    case "outdated": {
      const available = item.rebuilt ? `${item.availableVersion} (rebuilt)` : item.availableVersion;
      const place = [item.repository ?? "", item.isDependency ? "(dependency)" : ""];
      return [[item.name, `${item.version} → ${available}`, place.join(" ").trim()]];
    }
    case "held": {
      const rebuilt = item.availableVersion === item.version ? " (rebuilt)" : "";
      return [[item.name, `${item.version} → ${item.availableVersion}${rebuilt}`, whyHeld(item)]];
    }
    case "newer-tag":
      return [[item.name, `${item.version} → ${item.availableVersion}`, `(pkg install ${item.reference})`]];
    case "orphaned":
      return [[item.name, `${item.version} (orphaned: its repository was removed)`, item.repository ?? ""]];
    case "unjudged":
      return [
        [item.name, item.version, `${item.repository ?? ""} (unknown: ${reasonIn(item.name, item.error)})`.trim()],
      ];
    case "failed":
      return [];
  }
}
