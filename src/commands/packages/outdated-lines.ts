import type { OutdatedItem, OutdatedOutcome } from "../../install/outdated.ts";
import { columns } from "../../report/columns.ts";

/** What is said where no package has a newer version. */
export const UP_TO_DATE = "Everything is up to date";

/** One line for each package that has a newer version. */
export function outdatedLines({ packages }: OutdatedOutcome): readonly string[] {
  const rows = packages.flatMap((item) => ("error" in item ? [] : [row(item)]));
  return columns(rows);
}

function row(item: Exclude<OutdatedItem, { readonly error: unknown }>): readonly string[] {
  switch (item.state) {
    case "outdated": {
      const available = item.rebuilt ? `${item.availableVersion} (rebuilt)` : item.availableVersion;
      return [item.name, `${item.version} → ${available}`, item.repository];
    }
    case "held":
      return [item.name, `${item.version} (held: "${item.requested}")`, ""];
    case "orphaned":
      return [item.name, `${item.version} (orphaned: its repository was removed)`, item.repository];
  }
}
