import type { Config } from "../config/config.ts";

/** The name of the profile that a command works on. */
export function profileInUse({ profile }: Pick<Config, "profile">): string {
  return profile;
}
