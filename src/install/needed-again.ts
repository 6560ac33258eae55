import type { Records } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { isSameOwner } from "../plan/plan.ts";
import { asDependency } from "./plan-removal.ts";

/**
 * What an installation that comes back needs, directly or not, and is not there any more: as it was `then`, by name, else as it was
 * kept last, as a dependency.
 *
 * @throws {PkgError} VERSION_NOT_FOUND where nothing of it is kept
 */
export function neededAgain(
  records: Pick<Records, "installations" | "generations">,
  wanted: Installation,
  then: ReadonlyMap<string, Installation | null> = new Map(),
): readonly Installation[] {
  const found = new Map([[wanted.name, wanted]]);
  for (const { dependencies } of found.values()) {
    for (const name of dependencies) {
      const isThere = found.has(name) || records.installations.get(name) !== null;
      if (!isThere) found.set(name, then.get(name) ?? keptAsDependency(records, name, wanted));
    }
  }
  found.delete(wanted.name);
  return [...found.values()];
}

function keptAsDependency(
  { generations }: Pick<Records, "generations">,
  name: string,
  needing: Installation,
): Installation {
  for (const { id } of generations.editions(name)) {
    const edition = generations.edition(id);
    const isOwn = needing.repository === null ? edition.repository === null : isSameOwner(edition, needing);
    if (isOwn) return asDependency(edition);
  }
  const { name: needer, version } = needing;
  throw new PkgError(
    "VERSION_NOT_FOUND",
    `Cannot bring back "${needer}" ${version}: "${name}", which it needs, is not installed, and no version of it is kept`,
    { hint: `Run \`pkg install ${needer}@${version}\`` },
  );
}
