import type { Capabilities } from "../capabilities/capabilities.ts";
import { pathsOf } from "../config/paths.ts";
import { profileNames } from "../config/profile-names.ts";
import { isSamePlace } from "../profile/prefix-owner.ts";
import { createInstallations } from "../state/installations.ts";
import { openPicture } from "../state/picture.ts";

/** A profile as it is listed. */
export interface ListedProfile {
  readonly name: string;
  readonly isCurrent: boolean;
  /** How many packages are installed in it. */
  readonly packageCount: number;
  /** Links to its programs. */
  readonly binDirectory: string;
  readonly isOnPath: boolean;
}

/** All profiles, the default one first; nothing is written. @throws {PkgError} those of openPicture() */
export function listProfiles({ config }: Pick<Capabilities, "config">): {
  readonly profiles: readonly ListedProfile[];
} {
  const names = profileNames(config.paths.namedProfiles);
  return { profiles: names.map((name) => describe(config, name)) };
}

function describe(config: Capabilities["config"], name: string): ListedProfile {
  const { bin, stateDatabase } = pathsOf(config, name);
  const picture = openPicture(stateDatabase);
  try {
    const packageCount = createInstallations(picture).needs().length;
    const isOnPath = config.searchPath.some((directory) => isSamePlace(directory, bin));
    return { name, isCurrent: name === config.profile, packageCount, binDirectory: bin, isOnPath };
  } finally {
    picture.close();
  }
}
