import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Environment, variable } from "../base/environment.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { nearest } from "../package/nearest.ts";
import { DEFAULT_PROFILE } from "./paths.ts";

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const SUGGESTED = 3;

/** What a profile may be called. @throws {PkgError} USAGE */
export function checkProfileName(name: string): string {
  if (NAME.test(name)) return name;
  throw new PkgError("USAGE", `Cannot use "${name}" as the name of a profile: expected letters, digits, "-" and "_"`, {
    hint: "Choose a name of at most 64 of these, such as `work`",
  });
}

/** The names of the profiles that there are, the default one first. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function profileNames(profiles: string): readonly string[] {
  return [DEFAULT_PROFILE, ...namedProfiles(profiles)];
}

/** A directory without a record is what was left when a profile was removed. */
function namedProfiles(profiles: string): readonly string[] {
  try {
    const names = readdirSync(profiles).filter((name) => NAME.test(name) && name !== DEFAULT_PROFILE);
    return names.filter((name) => isProfile(profiles, name)).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `list "${profiles}"`);
  }
}

function isProfile(profiles: string, name: string): boolean {
  return existsSync(join(profiles, name, "state.db"));
}

/** The error for a name that no profile has. @param isWanted whether it should be there, and could be made */
export function unknownProfile(profiles: string, name: string, isWanted = true): PkgError {
  const names = profileNames(profiles);
  const near = nearest(name, names, SUGGESTED);
  const meant = near.length === 0 ? "" : `Did you mean ${near.join(", ")}? `;
  const there = names.length === 1 ? `there is only ${names[0]}` : `there is ${names.join(", ")}`;
  return new PkgError("PROFILE_UNKNOWN", `Cannot find profile "${name}": ${there}`, {
    hint: isWanted ? `${meant}Make it with \`pkg profile create ${name}\`` : `${meant}\`pkg profile list\` shows all`,
  });
}

/** @param isWanted as for unknownProfile(). @throws {PkgError} USAGE, PROFILE_UNKNOWN */
export function knownProfile(profiles: string, name: string, isWanted = true): string {
  if (checkProfileName(name) === DEFAULT_PROFILE || isProfile(profiles, name)) return name;
  throw unknownProfile(profiles, name, isWanted);
}

interface ProfileSources {
  readonly profiles: string;
  /** `--profile`. */
  readonly flag: string | undefined;
  readonly env: Environment;
}

/**
 * The profile in use, by the option or `PKG_PROFILE`. Where it need not exist, the default one is in place of one that does not.
 *
 * @throws {PkgError} USAGE, PROFILE_UNKNOWN
 */
export function profileOf({ profiles, flag, env }: ProfileSources, mayBeMissing: boolean): string {
  const name = flag ?? variable(env, "PKG_PROFILE")?.trim() ?? DEFAULT_PROFILE;
  if (!mayBeMissing) return knownProfile(profiles, name);
  return NAME.test(name) && isProfile(profiles, name) ? name : DEFAULT_PROFILE;
}
