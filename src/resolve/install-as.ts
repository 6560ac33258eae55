import { PkgError } from "../errors.ts";
import { nameBeside } from "../package/install-name.ts";
import { isSafeName } from "../package/names.ts";
import { isSameOwner } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Installations } from "../state/installations.ts";

/**
 * The resolution of a package that is installed under another name, whether it was typed (`--as`) or declared (`package = "…"`).
 *
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for a bottle
 */
export function installedAs(resolution: Resolution, name: string): Resolution {
  const { packageName, repository, keg } = resolution;
  if (name === packageName) return resolution;
  if (keg !== null && name !== nameBeside({ name: packageName, repository })) {
    throw new PkgError(
      "PACKAGE_UNINSTALLABLE",
      `Cannot install "${packageName}" as "${name}": it is a bottle, and its place "opt/${packageName}" is that of one version alone`,
      {
        hint: `Type pkg run ${packageName}@VERSION to run another version, or pkg use ${packageName}@VERSION to switch`,
      },
    );
  }
  return { ...resolution, name };
}

/** Checks the name that was typed after `--as`. @throws {PkgError} USAGE */
export function checkAlias(name: string, specs: readonly string[]): void {
  if (specs.length !== 1) {
    throw new PkgError("USAGE", `Cannot use --as for ${specs.length} packages: expected exactly one`, {
      hint: "Type pkg install SPEC --as NAME once for each",
    });
  }
  if (isSafeName(name)) return;
  throw new PkgError("USAGE", `Cannot use --as: "${name}" is not a name, expected one such as trurl8`, {
    hint: "Letters, digits and _ . + @ ~ - make a name; it begins with a letter, a digit or _",
  });
}

/** Refuses a name that something else is installed as. @throws {PkgError} PACKAGE_CONFLICT */
export function refuseTaken(installations: Pick<Installations, "get">, resolution: Resolution): void {
  const { name, packageName } = resolution;
  const there = name === packageName ? null : installations.get(name);
  if (there === null || (there.packageName === packageName && isSameOwner(there, resolution))) return;
  const found = `"${there.packageName}" ${there.version} from "${there.repository ?? there.reference}"`;
  throw new PkgError(
    "PACKAGE_CONFLICT",
    `Cannot install "${packageName}" as "${name}": expected a name that is free, and ${found} is installed as that`,
    { hint: `Choose another name after --as, or type pkg remove ${name} first` },
  );
}
