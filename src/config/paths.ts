import { join, resolve } from "node:path";
import { type Environment, variable } from "../base/environment.ts";
import { PkgError } from "../errors.ts";

/** Where everything is kept. Absolute paths; none of them has to exist yet. */
export interface Paths {
  readonly configFile: string;
  /** Signing keys, `NAME.key` and `NAME.pub`. */
  readonly keys: string;
  /** Links to programs; to be put on PATH. */
  readonly bin: string;
  readonly packages: string;
  /** Where bottles are poured: its length counts, since their files name it. */
  readonly prefix: string;
  /** Where man pages, completions and desktop entries of packages are linked, for the system to find them. */
  readonly share: string;
  readonly blobs: string;
  /** What `pkg run`, `exec` and `shell` put together, one directory each. */
  readonly environments: string;
  /** The same for those with bottles, whose files name the directory: its length counts. */
  readonly pouredEnvironments: string;
  readonly index: string;
  readonly stateDatabase: string;
  readonly lockDatabase: string;
}

export interface PathSources {
  /** `--home` or `PKG_HOME`: everything under one directory. */
  readonly home: string | undefined;
  /** `--config` or `PKG_CONFIG`. */
  readonly configFile: string | undefined;
  readonly env: Environment;
}

/**
 * XDG directories by default, one directory when a home is given.
 *
 * @throws {PkgError} CONFIG_INVALID when neither a home nor `HOME` is known
 * @see XDG Base Directory Specification 0.8
 */
export function resolvePaths(sources: PathSources): Paths {
  if (sources.home !== undefined) return underOneDirectory(sources.home, sources.configFile);
  const { env } = sources;
  const home = variable(env, "HOME");
  if (home === null || !home.startsWith("/")) {
    const problem = home === null ? "is not set" : `is "${home}", expected an absolute path`;
    throw new PkgError("CONFIG_INVALID", `Cannot find the home directory: HOME ${problem}`, {
      hint: "Set HOME, or name a directory with --home DIR",
    });
  }
  const share = xdg(env, "XDG_DATA_HOME") ?? join(home, ".local/share");
  const data = join(share, "pkg");
  const settings = join(xdg(env, "XDG_CONFIG_HOME") ?? join(home, ".config"), "pkg");
  return {
    configFile: sources.configFile ?? join(settings, "config.toml"),
    keys: join(settings, "keys"),
    bin: xdg(env, "XDG_BIN_HOME") ?? join(home, ".local/bin"),
    prefix: shortPrefix(data, home),
    pouredEnvironments: join(home, ".pkgr"),
    share,
    ...dataPaths(data),
  };
}

function underOneDirectory(home: string, configFile: string | undefined): Paths {
  return {
    configFile: configFile ?? join(home, "config.toml"),
    keys: join(home, "keys"),
    bin: join(home, "bin"),
    prefix: join(home, "brew"),
    pouredEnvironments: join(home, "run"),
    share: join(home, "share"),
    ...dataPaths(home),
  };
}

/** Bytes of the prefix that bottles are built for: one that is no longer fits wherever that stands in their files. */
const MAX_PREFIX_BYTES = Buffer.byteLength("/home/linuxbrew/.linuxbrew");

/** In the data directory if its name is short enough, else in the home directory. */
function shortPrefix(data: string, home: string): string {
  const inData = join(data, "brew");
  return Buffer.byteLength(inData) <= MAX_PREFIX_BYTES ? inData : join(home, ".pkg");
}

function dataPaths(
  data: string,
): Omit<Paths, "configFile" | "keys" | "bin" | "prefix" | "share" | "pouredEnvironments"> {
  return {
    packages: join(data, "packages"),
    blobs: join(data, "blobs"),
    environments: join(data, "run"),
    index: join(data, "index"),
    stateDatabase: join(data, "state.db"),
    lockDatabase: join(data, "lock.db"),
  };
}

/**
 * The path that a person typed, from where they typed it. A shell leaves the tilde of `--home=~/x`, and that of a variable in
 * quotes, to the program.
 */
export function typedPath(text: string, { directory, env }: { readonly directory: string; readonly env: Environment }) {
  const home = variable(env, "HOME");
  const isInHome = home !== null && (text === "~" || text.startsWith("~/"));
  return isInHome ? join(home, text.slice(1)) : resolve(directory, text);
}

/** The specification says that relative paths must be ignored. */
function xdg(env: Environment, name: string): string | undefined {
  const value = variable(env, name);
  // Without "." and "..": where these lead through is not made.
  return value?.startsWith("/") === true ? resolve(value) : undefined;
}
