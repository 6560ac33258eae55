import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { profileNames } from "../config/profile-names.ts";
import type { OtherProfiles } from "../state/other-profiles.ts";

/** The profiles beside that of some paths. */
export function profilesBeside({ namedProfiles, sharedDatabase, stateDatabase, blobs }: Paths): OtherProfiles {
  const databases = () => {
    const [, ...names] = profileNames(namedProfiles);
    const named = names.map((name) => join(namedProfiles, name, "state.db"));
    return [sharedDatabase, ...named].filter((path) => path !== stateDatabase);
  };
  return { databases, blobs };
}
