import { dirname, join, resolve } from "node:path";
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
  /** The database that remembers for all profiles whom to trust: the state of the default one. */
  readonly sharedDatabase: string;
  /** Named profiles, a directory each. */
  readonly namedProfiles: string;
}

/** Where each process says which repositories it adds for one installation. */
export function trialsDirectory({ sharedDatabase }: Pick<Paths, "sharedDatabase">): string {
  return join(dirname(sharedDatabase), "on-trial");
}

export interface PathSources {
  /** `--home` or `PKG_HOME`: everything under one directory. */
  readonly home: string | undefined;
  /** `--config` or `PKG_CONFIG`. */
  readonly configFile: string | undefined;
  /** `--system` or `PKG_SYSTEM`: what is installed for all users; a home is then where their system begins. Default: false. */
  readonly isSystem?: boolean;
  readonly env: Environment;
}

/**
 * XDG directories by default, one directory when a home is given. These are the paths of the default profile.
 *
 * @throws {PkgError} CONFIG_INVALID when neither a home nor `HOME` is known
 * @see XDG Base Directory Specification 0.8
 */
export function resolvePaths(sources: PathSources): Paths {
  if (sources.isSystem === true) return systemPaths(sources);
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

/** Where programs of all users are by convention (Filesystem Hierarchy Standard 3.0), below `home` where that is given. */
function systemPaths({ home = "/", configFile }: PathSources): Paths {
  const data = join(home, "opt/pkg");
  const settings = join(home, "etc/pkg");
  return {
    configFile: configFile ?? join(settings, "config.toml"),
    keys: join(settings, "keys"),
    bin: join(home, "usr/local/bin"),
    prefix: join(data, "brew"),
    pouredEnvironments: join(data, "run"),
    share: join(home, "usr/local/share"),
    ...dataPaths(data),
  };
}

/**
 * The same for a user who may only read them: what is run without being installed is made in a place of the user's own.
 * Without a home there is none, and what cannot be written is made in a temporary place.
 */
export function readersPaths(paths: Paths, env: Environment): Paths {
  const home = variable(env, "HOME");
  if (home === null || !home.startsWith("/")) return paths;
  const own = join(xdg(env, "XDG_DATA_HOME") ?? join(home, ".local/share"), "pkg");
  return {
    ...paths,
    blobs: join(own, "blobs"),
    environments: join(own, "run"),
    pouredEnvironments: join(home, ".pkgr"),
  };
}

/** What the paths of all profiles follow from. */
export interface ProfileBase {
  readonly defaultPaths: Paths;
  /** `HOME`; null: it is not known. */
  readonly userHome: string | null;
}

/** The profile that is used when none is named. */
export const DEFAULT_PROFILE = "default";

/**
 * The paths of a profile, from those of the default one: what is installed in it, and the record of that, are its own; blobs,
 * indexes, settings and keys are everybody's. Its prefix is short, as its length counts.
 */
export function pathsOf({ defaultPaths: paths, userHome }: ProfileBase, profile: string): Paths {
  if (profile === DEFAULT_PROFILE) return paths;
  const root = join(paths.namedProfiles, profile);
  return {
    ...paths,
    bin: join(root, "bin"),
    packages: join(root, "packages"),
    share: join(root, "share"),
    prefix: profilePrefix(paths.prefix, profile, userHome),
    stateDatabase: join(root, "state.db"),
    lockDatabase: join(root, "lock.db"),
  };
}

function profilePrefix(prefix: string, profile: string, home: string | null): string {
  const beside = `${prefix}-${profile}`;
  const isTooLong = Buffer.byteLength(beside) > MAX_PREFIX_BYTES;
  return isTooLong && home !== null && prefix === join(home, ".local/share/pkg/brew")
    ? join(home, `.pkg-${profile}`)
    : beside;
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
    sharedDatabase: join(data, "state.db"),
    namedProfiles: join(data, "profiles"),
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
