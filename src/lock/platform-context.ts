import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { configFor } from "../config/config.ts";
import { createPackageIndexes } from "../index-database/package-indexes.ts";
import type { ResolveCapabilities } from "../resolve/resolve.ts";
import { nothingInstalled } from "../state/nothing-installed.ts";

/**
 * What resolving for a machine takes: its configuration, an index of its packages, which for another machine is kept beside those of
 * this one, and a home in which nothing is installed, so that what is locked depends on no home.
 *
 * @param host e.g. `aarch64-linux`
 */
export function platformContext(cap: Capabilities, host: string): ResolveCapabilities {
  const config = configFor(cap.config, host);
  const isOwn = host === cap.config.host;
  return {
    ...cap,
    config,
    indexes: isOwn ? cap.indexes : createPackageIndexes(join(cap.config.paths.index, host)),
    records: async () => {
      const { installations, ...rest } = await cap.records();
      return { ...rest, installations: nothingInstalled(installations) };
    },
  };
}
