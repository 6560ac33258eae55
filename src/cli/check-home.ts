import { dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import type { Paths } from "../config/paths.ts";
import { type Exposure, exposedError, exposureOf, fileExposure } from "../fs/exposure.ts";

/**
 * Refuses a home or a config file that every user, or another one, may write: whoever may do that decides what is run.
 * Of what a group may write, a person is only told, as its members may be trusted.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE
 */
export function checkHome(paths: Paths, emit: EmitEvent): void {
  const { packages, blobs, index, keys, bin } = paths;
  const found = [
    ...[...new Set([dirname(paths.stateDatabase), packages, blobs, index, keys])].map(exposureOf),
    fileExposure(paths.configFile),
  ].filter((exposure) => exposure !== null);
  const certain = found.find(({ isCertain }) => isCertain);
  if (certain !== undefined) throw exposedError(certain);
  const open = exposureOf(bin);
  for (const exposure of open === null ? found : [...found, open]) tell(exposure, emit);
}

function tell({ path, problem, cure }: Exposure, emit: EmitEvent): void {
  emit({ kind: "warning", message: `What is in "${path}" may not be yours: ${problem}. ${cure}` });
}
