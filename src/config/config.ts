import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { parseDuration } from "../base/duration.ts";
import { type Environment, isOn, secretVariable, variable } from "../base/environment.ts";
import { refuseBareUserInfo, refuseUserInfo } from "../base/user-info.ts";
import { type CredentialSettings, credentialSettings } from "../credentials/credentials-settings.ts";
import { isClosed, isWritable } from "../fs/writable.ts";
import type { ConfigFile } from "../generated/config-schema.js";
import { type ProxyOptions, proxyFromEnvironment } from "../http/proxy.ts";
import type { Location } from "../oci/location.ts";
import type { ShareSettings } from "../package/holdings.ts";
import { libcsOf } from "../package/libc.ts";
import type { Libc } from "../package/metadata.ts";
import { hostOf } from "../package/platform.ts";
import { isLoopbackRegistry, type RegistryOptions } from "../registry-client/endpoints.ts";
import { type DataSearch, dataSearchOf } from "./data-search.ts";
import { DEFAULT_CONCURRENCY, DEFAULT_KEEP, DEFAULT_KEEP_VERSIONS, DEFAULT_SYNC_INTERVAL } from "./defaults.ts";
import { inConfigFile, parseConfig, type ReadConfigFile, readConfigFile } from "./file.ts";
import { writtenPrefix } from "./formula-settings.ts";
import { locatedPaths } from "./located-paths.ts";
import { checkedFlag, epochFrom, integerFrom } from "./numbers.ts";
import { type Overrides, overridesOf } from "./origins.ts";
import { type PackageSettings, packagesOf } from "./package-settings.ts";
import { type Paths, pathsOf, readersPaths } from "./paths.ts";
import { profileOf } from "./profile-names.ts";
import { type ConfiguredRepository, configuredRepository } from "./repository.ts";
import { repositoryNames } from "./repository-names.ts";
import { checkMirrorUrl } from "./repository-rules.ts";

/** Settings for signing, from the environment. Both are secrets, so no output shows them. */
export interface SigningSettings {
  /** `PKG_SIGNING_KEY`: the text of a secret key file, for machines that keep no files. */
  readonly key: string | null;
  /** `PKG_PASSPHRASE`: the passphrase of the secret key. */
  readonly passphrase: string | null;
}

/** Everything that can be configured, from defaults, file, environment and flags, in that order. */
export interface Config {
  readonly paths: Paths;
  /** The name of the profile in use. */
  readonly profile: string;
  /** The paths of the default profile, which those of the others follow from. */
  readonly defaultPaths: Paths;
  /** The bin directory of the default profile where the config names none. */
  readonly usualBin: string;
  /** `HOME`; null: it is not known. */
  readonly userHome: string | null;
  /** Whether what is installed is for all users. */
  readonly isSystem: boolean;
  /** False for a user who may only look at what is installed for all users. */
  readonly mayChange: boolean;
  /** The text of the config file, for commands that change it. */
  readonly fileText: string;
  /** Which settings come from an option or the environment; `pkg config` shows it. */
  readonly overrides: Overrides;
  /** e.g. `x86_64-linux`. */
  readonly host: string;
  /** What programs here may be linked against, the best choice first. */
  readonly libcs: readonly Libc[];
  /** What of packages is linked in the data directory. */
  readonly share: ShareSettings;
  /** Settings of packages, by the names that they are installed under. */
  readonly packages: Readonly<Record<string, PackageSettings>>;
  /** Blobs fetched at a time. */
  readonly concurrency: number;
  /** Age in ms after which an index is stale; null: never. */
  readonly syncIntervalMs: number | null;
  /** How long what was changed can be undone, in ms; null: for ever. */
  readonly keepMs: number | null;
  /** How many former versions of what is installed stay, however old they are. */
  readonly keepVersions: number;
  /** The package that the program itself is updated from, and its publisher's key; null: not said. */
  readonly self: { readonly from: string | null; readonly key: string | null };
  /** How long, in ms, a request or transfer is retried without progress; null: the program's default. */
  readonly retryForMs: number | null;
  readonly offline: boolean;
  readonly repositories: readonly ConfiguredRepository[];
  /** The only bundle that anything is fetched from, as with `install --from`; absent: whatever there is. */
  readonly onlyBundle?: Location;
  readonly registries: Readonly<Record<string, RegistryOptions & { readonly plainHttp: boolean }>>;
  readonly proxy: ProxyOptions;
  /** A PEM file of further certificate authorities. */
  readonly caFile: string | null;
  /** Directories of PEM files of further certificate authorities: `SSL_CERT_DIR`. */
  readonly caDirectories: readonly string[];
  /** Where registry credentials are; holds secrets, so no output shows it. */
  readonly credentials: CredentialSettings;
  readonly signing: SigningSettings;
  /** `PATH`, directory by directory. */
  readonly searchPath: readonly string[];
  /** While an environment is planned or put together: the paths of the profile that it is for; absent otherwise. */
  readonly environmentOf?: Paths;
  /** Where man pages, completions and desktop entries are looked for. */
  readonly dataSearch: DataSearch;
  /** The path of the shell in use; null if it is not known. */
  readonly shell: string | null;
  /** `SOURCE_DATE_EPOCH`: the only time, in seconds since the epoch, that published content may hold; null: none. */
  readonly sourceDateEpoch: number | null;
  /** How the registries named on the command line are reached; null: as `registries` says. */
  readonly namedRegistries: { readonly plainHttp: boolean | null; readonly insecure: boolean };
}

/** What the configuration is made of. */
export interface ConfigSources {
  /** Whether a config file that is named need not exist yet, because the command writes it; default: it has to. */
  readonly mayBeNew?: boolean;
  /** Whether the command works on profiles by their names, so that the one in use need not exist; default: it has to. */
  readonly namesProfiles?: boolean;
  /** Whether the config file counts as empty, as it cannot be read; default: it is read. */
  readonly withoutFile?: boolean;
  readonly env: Environment;
  /** Where relative paths of options and variables begin; default: where the process runs. */
  readonly workingDirectory?: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly flags: {
    readonly home?: string | undefined;
    readonly profile?: string | undefined;
    readonly system?: boolean | undefined;
    readonly config?: string | undefined;
    readonly offline?: boolean | undefined;
    readonly concurrency?: number | undefined;
    readonly caFile?: string | undefined;
    readonly plainHttp?: boolean | undefined;
    readonly insecure?: boolean | undefined;
  };
}

/** Without a `HOME` that is another user's, as `sudo -u` leaves it: nothing can be made there. */
function openHome(env: Environment): Environment {
  const home = variable(env, "HOME");
  return home !== null && isClosed(home) ? { ...env, HOME: undefined } : env;
}

/**
 * Loads the configuration of this run, which never changes afterwards.
 *
 * @throws {PkgError} CONFIG_INVALID, KEY_INVALID, PLATFORM_UNSUPPORTED
 */
export function loadConfig(sources: ConfigSources): Config {
  const { env, flags, workingDirectory } = sources;
  const { paths, isSystem, isConfigNamed, located } = locatedPaths({ env, workingDirectory, ...flags });
  const mayChange = !isSystem || isWritable(paths.packages);
  const overrides = overridesOf(typedOptions(flags), env);
  const mustExist = isConfigNamed && sources.mayBeNew !== true;
  const { text, config: file } =
    sources.withoutFile === true
      ? { text: "", config: {} }
      : readConfigFile(paths.configFile, { mustExist, namedBy: pathOrigin(overrides) });
  const source = { path: paths.configFile, text };
  const host = hostOf(sources.platform, sources.arch);
  const own = {
    ...(mayChange ? paths : readersPaths(paths, openHome(env))),
    bin: located(file.bin_dir ?? null) ?? paths.bin,
    prefix: located(prefixOf(file, source)) ?? paths.prefix,
  };
  const userHome = variable(env, "HOME");
  const profile = profileOf(
    { profiles: paths.namedProfiles, flag: flags.profile, env },
    sources.namesProfiles === true,
  );
  return Object.freeze({
    paths: pathsOf({ defaultPaths: own, userHome }, profile),
    profile,
    defaultPaths: own,
    usualBin: paths.bin,
    userHome,
    isSystem,
    mayChange,
    fileText: text,
    overrides,
    host,
    libcs: libcsOf(host, existsSync),
    share: { man: true, completions: true, desktop: true, ...file.share },
    self: { from: file.self?.from ?? null, key: file.self?.key ?? null },
    packages: packagesOf(file),
    concurrency:
      checkedFlag(flags.concurrency) ?? integerFrom(env, "PKG_CONCURRENCY") ?? file.concurrency ?? DEFAULT_CONCURRENCY,
    syncIntervalMs: syncIntervalOf(env, file),
    keepMs: parseDuration(file.keep ?? DEFAULT_KEEP, "keep"),
    keepVersions: file.keep_versions ?? DEFAULT_KEEP_VERSIONS,
    retryForMs: retryForOf(env),
    offline: flags.offline ?? isOn(env, "PKG_OFFLINE"),
    repositories: repositoriesOf(file, source, host),
    registries: registriesOf(file, source),
    proxy: proxyFromEnvironment(env),
    caFile: located(flags.caFile ?? variable(env, "SSL_CERT_FILE")) ?? null,
    caDirectories: directoriesIn(env, "SSL_CERT_DIR"),
    credentials: credentialSettings(env, process.getuid?.() ?? null),
    signing: { key: variable(env, "PKG_SIGNING_KEY"), passphrase: secretVariable(env, "PKG_PASSPHRASE") },
    searchPath: directoriesIn(env, "PATH"),
    dataSearch: dataSearchOf(env),
    shell: variable(env, "SHELL"),
    sourceDateEpoch: epochFrom(env),
    namedRegistries: { plainHttp: flags.plainHttp ?? null, insecure: flags.insecure ?? false },
  });
}

/** The same configuration as it is on another machine, such as `aarch64-linux`, whose C library is glibc. @throws {PkgError} CONFIG_INVALID */
export function configFor(config: Config, host: string): Config {
  if (host === config.host) return config;
  const source = { path: config.paths.configFile, text: config.fileText };
  const file = parseConfig(source.text, source.path);
  return { ...config, host, libcs: ["static", "glibc"], repositories: repositoriesOf(file, source, host) };
}

/** The same configuration with the repositories that are in its file now, after a command has added one. */
export function reloaded(config: Config): Config {
  const { text, config: file } = readConfigFile(config.paths.configFile);
  const source = { path: config.paths.configFile, text };
  return { ...config, fileText: text, repositories: repositoriesOf(file, source, config.host) };
}

/** What the path of the config file comes from, if it is no default. */
function pathOrigin({ configFile, home, settings }: Overrides): string | null {
  const origin = configFile ?? home ?? settings;
  return origin?.kind === "option" || origin?.kind === "environment" ? origin.name : null;
}

function typedOptions(flags: ConfigSources["flags"]): ReadonlySet<string> {
  const system = flags.system === true ? true : undefined;
  const named = {
    home: flags.home,
    system,
    profile: flags.profile,
    config: flags.config,
    offline: flags.offline,
    "ca-file": flags.caFile,
  };
  const all = Object.entries({ ...named, concurrency: flags.concurrency });
  return new Set(all.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`])));
}

function repositoriesOf(file: ConfigFile, source: ReadConfigFile, host: string): readonly ConfiguredRepository[] {
  const written = file.repositories ?? {};
  return repositoryNames(written).map((name) =>
    inConfigFile(source, [["repositories", name]], () => configuredRepository(name, written[name] ?? {}, host)),
  );
}

function prefixOf(file: ConfigFile, source: ReadConfigFile): string | null {
  const keys = Object.keys(file.repositories ?? {}).map((name) => ["repositories", name, "prefix"]);
  return inConfigFile(source, keys, () => writtenPrefix(file.repositories ?? {}));
}

function registriesOf(file: ConfigFile, source: ReadConfigFile): Config["registries"] {
  for (const [registry, written] of Object.entries(file.registries ?? {})) {
    inConfigFile(source, [["registries", registry]], () => {
      refuseUserInfo(registry, "CONFIG_INVALID");
      refuseBareUserInfo(registry, "CONFIG_INVALID");
    });
    inConfigFile(source, [["registries", registry, "mirrors"]], () => written.mirrors?.forEach(checkMirrorUrl));
  }
  const entries = Object.entries(file.registries ?? {}).map(([registry, written]) => [
    registry,
    {
      mirrors: written.mirrors ?? [],
      mirrorOnly: written.mirror_only ?? false,
      // A table that says nothing of the scheme leaves it as it is without one.
      plainHttp: written.plain_http ?? isLoopbackRegistry(registry),
    },
  ]);
  return Object.fromEntries(entries);
}

function syncIntervalOf(env: Environment, file: ConfigFile): number | null {
  const text = variable(env, "PKG_SYNC_INTERVAL");
  if (text !== null) return parseDuration(text.trim(), "PKG_SYNC_INTERVAL");
  return parseDuration(file.sync_interval ?? DEFAULT_SYNC_INTERVAL, "sync_interval");
}

function retryForOf(env: Environment): number | null {
  const text = variable(env, "PKG_RETRY_FOR");
  return text === null ? null : (parseDuration(text.trim(), "PKG_RETRY_FOR") ?? 0);
}

/** The directories of a list such as `PATH`; empty parts are left out. */
function directoriesIn(env: Environment, name: string): readonly string[] {
  return (variable(env, name) ?? "").split(delimiter).filter((directory) => directory !== "");
}
