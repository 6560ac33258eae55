import { type Environment, isOn, variable } from "../base/environment.ts";
import { type Paths, resolvePaths, typedPath } from "./paths.ts";

/** What says where a home is. */
export interface PathWords {
  readonly env: Environment;
  /** Where relative paths of options and variables begin; default: where the process runs. */
  readonly workingDirectory?: string | undefined;
  /** `--home`, `--config` and `--system`. */
  readonly home?: string | undefined;
  readonly config?: string | undefined;
  readonly system?: boolean | undefined;
}

/** Where a home is, and all that is in it by default. */
export interface LocatedPaths {
  readonly paths: Paths;
  readonly isSystem: boolean;
  /** Whether the config file was named. */
  readonly isConfigNamed: boolean;
  /** The path that was typed, in an option or a variable, as an absolute one. */
  readonly located: (path: string | null) => string | undefined;
}

/** Finds a home by options, variables and defaults, in that order. @throws {PkgError} CONFIG_INVALID */
export function locatedPaths(words: PathWords): LocatedPaths {
  const { env, workingDirectory: directory = process.cwd() } = words;
  const located = (path: string | null) => (path === null ? undefined : typedPath(path, { directory, env }));
  const configFile = located(words.config ?? variable(env, "PKG_CONFIG"));
  const isSystem = words.system ?? isOn(env, "PKG_SYSTEM");
  // The option goes before the variable: a home that is set for oneself does not move what is for all.
  const named = words.home ?? (words.system === true ? null : variable(env, "PKG_HOME"));
  const paths = resolvePaths({ env, home: located(named), configFile, isSystem });
  return { paths, isSystem, isConfigNamed: configFile !== undefined, located };
}
