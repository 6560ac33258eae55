import type { Environment } from "../base/environment.ts";
import type { Trouble } from "../commands/context.ts";
import { type Config, type ConfigSources, loadConfig } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { checkVariables } from "./check-variables.ts";

/** A configuration, and what of it could not be used. */
export interface LoadedAnyway {
  readonly config: Config;
  readonly troubles: readonly Trouble[];
}

/** What says where a home is, and where programs are looked for; the rest may be wrong. */
const PLACES = /^(?:HOME|PATH|SHELL|MANPATH|FPATH|PKG_HOME|PKG_SYSTEM|PKG_PROFILE|XDG_[A-Z_]+|SUDO_UID)$/;

/**
 * The configuration of a run that is to find out what is wrong: without a file, and without variables, that cannot be used.
 *
 * @throws {PkgError} where not even a home can be found: CONFIG_INVALID, USAGE, PLATFORM_UNSUPPORTED
 */
export function loadAnyway(sources: ConfigSources): LoadedAnyway {
  const troubles: Trouble[] = [];
  checkVariables(sources.env, (event) => {
    if (event.kind === "warning") troubles.push({ kind: "variable", message: event.message });
  });
  const { config: _, ...flags } = sources.flags;
  const withoutFile = { ...sources, flags, withoutFile: true };
  const tries = [sources, withoutFile, { ...withoutFile, env: placesIn(sources.env) }];
  let failure: unknown;
  for (const each of tries) {
    try {
      return { config: loadConfig(each), troubles };
    } catch (error) {
      if (!(error instanceof PkgError) || ["USAGE", "PROFILE_UNKNOWN"].includes(error.code)) throw error;
      const { message } = error;
      failure = error;
      if (!troubles.some((item) => item.kind === "config" && item.error.message === message)) {
        troubles.push({ kind: "config", error });
      }
    }
  }
  throw failure;
}

function placesIn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PLACES.test(name)));
}
