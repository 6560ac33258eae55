import { endingText } from "../package/keg.ts";
import type { PackageEntry } from "../package/metadata.ts";

/** Why an entry should not, or cannot, be installed; "" when it can. */
export function entryState({ disabled, installable, keg }: PackageEntry): string {
  if (disabled) return `disabled${endingText(keg?.disabled ?? { date: null, because: null })}`;
  if (!installable)
    return keg === null ? "not installable" : `not installable: there is no bottle for ${keg.bottleTag}`;
  return keg?.deprecated ? `deprecated${endingText(keg.deprecated)}` : "";
}
