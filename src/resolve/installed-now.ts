import { nameBeside } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import type { NamedSpec } from "../package/spec.ts";
import type { Installations } from "../state/installations.ts";

/** What is installed, by name. */
export type InstallationsByName = Pick<Installations, "get">;

/** What is installed under a name, or beside that of another owner's package, where the repository was typed. */
export function installedNow(
  installations: InstallationsByName,
  { name, repository }: NamedSpec,
  all: readonly IndexedPackage[],
): Installation | null {
  const beside = repository === null ? null : installations.get(nameBeside({ name, repository }));
  return beside ?? installations.get(name) ?? installedAmong(installations, all);
}

/** What is installed of the packages that a name means by its letters in another case, or as the name of a program. */
function installedAmong(installations: InstallationsByName, all: readonly IndexedPackage[]): Installation | null {
  for (const { repository, entry } of all) {
    const names = [entry.name, nameBeside({ name: entry.name, repository })];
    const found = names.map((name) => installations.get(name));
    const same = found.find((item) => item?.repository === repository && item.packageId === entry.id);
    if (same !== undefined) return same;
  }
  return null;
}
