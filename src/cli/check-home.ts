import { dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import type { Paths } from "../config/paths.ts";
import { type Exposure, exposedError, exposureOf, fileExposure, isInPlaceOf } from "../fs/exposure.ts";

/** A home, and what is known about who uses it. */
export interface HomeToCheck {
  readonly paths: Paths;
  readonly emit: EmitEvent;
  /** The number of the user who ran sudo; null: nobody did. */
  readonly sudoUser: string | null;
}

/**
 * Refuses a home or a config file that every user, or another one, may write: whoever may do that decides what is run.
 * Of what a group may write, a person is only told, as its members may be trusted.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE
 */
export function checkHome({ paths, emit, sudoUser }: HomeToCheck): void {
  const { packages, blobs, index, keys, bin } = paths;
  const found = [
    ...[...new Set([dirname(paths.stateDatabase), packages, blobs, index, keys])].map(exposureOf),
    fileExposure(paths.configFile),
  ].filter((exposure) => exposure !== null);
  const certain = found.find(({ isCertain }) => isCertain);
  if (certain !== undefined) throw exposedError(certain);
  if (sudoUser !== null) tellOfSudo(dirname(paths.stateDatabase), Number(sudoUser), emit);
  const open = exposureOf(bin);
  for (const exposure of open === null ? found : [...found, open]) tell(exposure, emit);
}

/** sudo leaves HOME as it was on some systems; what root makes there, its owner can neither read nor change. */
function tellOfSudo(home: string, user: number, emit: EmitEvent): void {
  if (user === 0 || process.geteuid?.() !== 0 || !isInPlaceOf(user, home)) return;
  emit({
    kind: "warning",
    message: `What root makes in "${home}" is closed to user ${user}, whose home it is. Leave out sudo, or use root's own home with \`sudo -H\``,
  });
}

function tell({ path, problem, cure }: Exposure, emit: EmitEvent): void {
  emit({ kind: "warning", message: `What is in "${path}" may not be yours: ${problem}. ${cure}` });
}
