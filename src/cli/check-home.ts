import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import type { Config } from "../config/config.ts";
import { homeExposures } from "../config/home-exposures.ts";
import { directoryExposure, type Exposure, exposedError, exposureOf, isInPlaceOf } from "../fs/exposure.ts";

/** A home, and what is known about who uses it. */
export interface HomeToCheck {
  readonly config: Pick<Config, "paths" | "fileText" | "isSystem">;
  readonly emit: EmitEvent;
  /** The number of the user who ran sudo; null: nobody did. */
  readonly sudoUser: string | null;
}

/**
 * Refuses a home or a config file that every user, or another one, may write: whoever may do that decides what is run.
 * Of what a group may write, a person is only told, as its members may be trusted; so of what is around a home, and of a token that others may
 * read.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE
 */
export function checkHome({ config, emit, sudoUser }: HomeToCheck): void {
  const { paths, fileText, isSystem } = config;
  const { bin } = paths;
  const found = homeExposures(paths);
  const certain = found.find(({ isCertain }) => isCertain);
  if (certain !== undefined) throw exposedError(certain);
  if (sudoUser !== null) tellOfSudo(dirname(paths.stateDatabase), Number(sudoUser), emit);
  tellReadable(paths.configFile, fileText, emit);
  // Who may write in /usr/local/bin has been decided by the system.
  for (const exposure of [...found, isSystem ? null : exposureOf(bin), aroundHome(paths)]) {
    if (exposure !== null) tell(exposure, emit);
  }
}

/** Where every user may write, as in the checkouts of some CI systems, another home could be put in this one's place. */
function aroundHome({ stateDatabase }: Config["paths"]): Exposure | null {
  const exposure = directoryExposure(dirname(dirname(stateDatabase)));
  return exposure?.isCertain === true ? exposure : null;
}

/** sudo leaves HOME as it was on some systems; what root makes there, its owner can neither read nor change. */
function tellOfSudo(home: string, user: number, emit: EmitEvent): void {
  if (user === 0 || process.geteuid?.() !== 0 || !isInPlaceOf(user, home)) return;
  emit({
    kind: "warning",
    message: `What root makes in "${home}" is closed to user ${user}, whose home it is. Leave out sudo, or use root's own home with \`sudo -H\``,
  });
}

const READ_BY_OTHERS = 0o044;
const ENTERED_BY_OTHERS = 0o011;

/** Tells of an address with a secret in its query that somebody else may read, in a config written by hand. */
function tellReadable(path: string, text: string, emit: EmitEvent): void {
  if (querySecrets(text).length === 0) return;
  const modeOf = (place: string) => statSync(place, { throwIfNoEntry: false })?.mode ?? 0;
  if ((modeOf(path) & READ_BY_OTHERS) === 0 || (modeOf(dirname(path)) & ENTERED_BY_OTHERS) === 0) return;
  const problem = `"${path}" holds a token in an address, and other users may read it`;
  emit({ kind: "warning", message: `${problem}. Run \`chmod go-r ${path}\`` });
}

function tell({ path, problem, cure }: Exposure, emit: EmitEvent): void {
  emit({ kind: "warning", message: `What is in "${path}" may not be yours: ${problem}. ${cure}` });
}
