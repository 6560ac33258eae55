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
const PLACES = /^(?:HOME|PATH|SHELL|MANPATH|FPATH|PKG_HOME|PKG_CONFIG|PKG_SYSTEM|PKG_PROFILE|XDG_[A-Z_]+|SUDO_UID)$/;

/**
 * The configuration of a run that is to find out what is wrong: without the variables, or without the file, that cannot be used.
 *
 * @throws {PkgError} where not even a home can be found: CONFIG_INVALID, USAGE, PROFILE_UNKNOWN, PLATFORM_UNSUPPORTED
 */
export function loadAnyway(sources: ConfigSources): LoadedAnyway {
  const misspelt: Trouble[] = [];
  checkVariables(sources.env, (event) => {
    if (event.kind === "warning") misspelt.push({ kind: "variable", message: event.message });
  });
  const env = placesIn(sources.env);
  const whole = attempt(sources);
  if (!(whole instanceof PkgError)) return { config: whole, troubles: misspelt };
  const plain = attempt({ ...sources, env });
  if (!(plain instanceof PkgError)) return { config: plain, troubles: [...misspelt, inVariable(whole)] };
  const { config: _, ...flags } = sources.flags;
  const withoutFile = { ...sources, flags, withoutFile: true };
  const unfiled = attempt(withoutFile);
  const inFile = { kind: "config", error: plain } as const;
  if (!(unfiled instanceof PkgError)) return { config: unfiled, troubles: [...misspelt, inFile] };
  const config = loadConfig({ ...withoutFile, env });
  return { config, troubles: [...misspelt, inFile, inVariable(unfiled)] };
}

/** @throws {PkgError} what has nothing to do with the config's content */
function attempt(sources: ConfigSources): Config | PkgError {
  try {
    return loadConfig(sources);
  } catch (error) {
    if (error instanceof PkgError && !["USAGE", "PROFILE_UNKNOWN"].includes(error.code)) return error;
    throw error;
  }
}

function inVariable({ message }: PkgError): Trouble {
  return { kind: "variable", message };
}

function placesIn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PLACES.test(name)));
}
