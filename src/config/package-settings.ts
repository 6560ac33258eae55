import type { ConfigFile } from "../generated/config-schema.js";

/** What is set for one package; absent: nothing is. */
export interface PackageSettings {
  /** Whether an AppImage gets directories of its own for its home and its configuration. */
  readonly portable?: boolean;
  /** How many former versions of it stay. */
  readonly keepVersions?: number;
}

/** What the config file says of single packages. */
export function packagesOf({ packages = {} }: ConfigFile): Readonly<Record<string, PackageSettings>> {
  return Object.fromEntries(
    Object.entries(packages).map(([name, { portable, keep_versions: keepVersions }]) => [
      name,
      { ...(portable === undefined ? {} : { portable }), ...(keepVersions === undefined ? {} : { keepVersions }) },
    ]),
  );
}
