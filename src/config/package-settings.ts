import type { ConfigFile } from "../generated/config-schema.js";
import type { Config } from "./config.ts";

/** What the config file says of single packages. */
export function packagesOf({ packages = {} }: ConfigFile): Config["packages"] {
  return Object.fromEntries(
    Object.entries(packages).map(([name, { portable, keep_versions: keepVersions }]) => [
      name,
      { ...(portable === undefined ? {} : { portable }), ...(keepVersions === undefined ? {} : { keepVersions }) },
    ]),
  );
}
