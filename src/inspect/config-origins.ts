import type { Config } from "../config/config.ts";
import { BUILT_IN_REPOSITORIES } from "../config/defaults.ts";
import { type Origin, originInFile, type Settable } from "../config/origins.ts";
import { DEFAULT_PROFILE } from "../config/paths.ts";

type Fragment = Pick<
  Config,
  "profile" | "overrides" | "fileText" | "paths" | "packages" | "repositories" | "registries"
>;

/** Keys of the config file, by the name under which a repository's setting is shown. */
const REPOSITORY_KEYS: readonly (readonly [shown: string, key: string])[] = [
  ...["kind", "url", "enabled", "require", "keys", "provenance"].map((key) => [key, key] as const),
];
const REGISTRY_KEYS: readonly (readonly [shown: string, key: string])[] = [
  ["mirrors", "mirrors"],
  ["mirrorOnly", "mirror_only"],
  ["plainHttp", "plain_http"],
];

/** Where each setting that `pkg config` shows comes from, by its dotted name. */
export function configOrigins(config: Fragment): Readonly<Record<string, Origin>> {
  const { profile, overrides, fileText, paths } = config;
  const file = { path: paths.configFile, text: fileText };
  const first = (...settings: readonly Settable[]): Origin =>
    settings.map((setting) => overrides[setting]).find((origin) => origin !== undefined) ?? { kind: "default" };
  const own = (setting: Settable, key: string) =>
    overrides[setting] ?? originInFile(file, [key]) ?? { kind: "default" as const };
  const data = [
    "packages",
    "share",
    "blobs",
    "environments",
    "index",
    "stateDatabase",
    "lockDatabase",
    "sharedDatabase",
    "namedProfiles",
  ].map((name) => [`paths.${name}`, first("home", "data")]);
  return {
    "paths.configFile": first("configFile", "home", "settings"),
    "paths.keys": first("home", "settings"),
    "paths.prefix": prefixOrigin(config, file) ?? first("home", "data"),
    "paths.pouredEnvironments": first("home"),
    "paths.bin": originInFile(file, ["bin_dir"]) ?? first("home", "bin"),
    ...Object.fromEntries(data),
    // What a named profile has of its own follows from its name.
    ...(profile === DEFAULT_PROFILE ? {} : ofNamedProfile(first("profile"))),
    profile: first("profile"),
    concurrency: own("concurrency", "concurrency"),
    syncIntervalMs: own("syncInterval", "sync_interval"),
    keepMs: originInFile(file, ["keep"]) ?? { kind: "default" },
    keepVersions: originInFile(file, ["keep_versions"]) ?? { kind: "default" },
    retryForMs: first("retryFor"),
    offline: first("offline"),
    caFile: first("caFile"),
    "proxy.http": first("httpProxy"),
    "proxy.https": first("httpsProxy"),
    "proxy.noProxy": first("noProxy"),
    ...tableOrigins(config, file),
  };
}

function ofNamedProfile(origin: Origin): Readonly<Record<string, Origin>> {
  const own = ["bin", "packages", "share", "prefix", "stateDatabase", "lockDatabase"];
  return Object.fromEntries(own.map((name) => [`paths.${name}`, origin]));
}

const PACKAGE_KEYS = [
  ["portable", "portable"],
  ["keepVersions", "keep_versions"],
] as const;

/** Those of the tables: each key has a line of its own. */
function tableOrigins(
  { repositories, registries, packages }: Fragment,
  file: Parameters<typeof originInFile>[0],
): Readonly<Record<string, Origin>> {
  const ofRepositories = repositories.flatMap(({ name }) =>
    REPOSITORY_KEYS.map(([shown, key]) => [
      `repositories.${name}.${shown}`,
      originInFile(file, ["repositories", name, key]) ?? builtIn(name, key),
    ]),
  );
  const ofRegistries = Object.keys(registries).flatMap((host) =>
    REGISTRY_KEYS.map(([shown, key]) => [
      `registries.${host}.${shown}`,
      originInFile(file, ["registries", host, key]) ?? { kind: "default" },
    ]),
  );
  const inFile = (...key: readonly string[]) => [key.join("."), originInFile(file, key) ?? { kind: "default" }];
  const ofShare = ["man", "completions", "desktop"].map((key) => inFile("share", key));
  const ofPackages = Object.entries(packages).flatMap(([name, set]) =>
    PACKAGE_KEYS.filter(([shown]) => shown in set).map(([shown, key]) => [
      `packages.${name}.${shown}`,
      originInFile(file, ["packages", name, key]) ?? { kind: "default" as const },
    ]),
  );
  return Object.fromEntries([...ofRepositories, ...ofRegistries, ...ofShare, ...ofPackages]);
}

function prefixOrigin({ repositories }: Fragment, file: Parameters<typeof originInFile>[0]): Origin | null {
  const written = repositories.map(({ name }) => originInFile(file, ["repositories", name, "prefix"]));
  return written.find((origin) => origin !== null) ?? null;
}

function builtIn(name: string, key: string): Origin {
  const isBuiltIn = Object.hasOwn(BUILT_IN_REPOSITORIES, name) && ["kind", "url", "keys"].includes(key);
  return { kind: isBuiltIn ? "built in" : "default" };
}
