import { type Environment, variable } from "../base/environment.ts";
import { keyLine } from "./key-lines.ts";

/** Where a setting comes from. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "built in" }
  | { readonly kind: "file"; readonly path: string; readonly line: number }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "option"; readonly name: string };

/** The settings that an option or a variable can set. */
export type Settable =
  | "configFile"
  | "home"
  | "profile"
  | "settings"
  | "data"
  | "bin"
  | "concurrency"
  | "syncInterval"
  | "retryFor"
  | "offline"
  | "caFile"
  | "httpProxy"
  | "httpsProxy"
  | "noProxy";

/** What options and variables set; for what is not in here, the config file or a default decides. */
export type Overrides = Readonly<Partial<Record<Settable, Origin>>>;

/** For each setting the option and the variables that may set it, the first of which goes first. */
const SOURCES: Readonly<Record<Settable, readonly string[]>> = {
  configFile: ["--config", "PKG_CONFIG"],
  home: ["--home", "--system", "PKG_SYSTEM", "PKG_HOME"],
  profile: ["--profile", "PKG_PROFILE"],
  settings: ["XDG_CONFIG_HOME"],
  data: ["XDG_DATA_HOME"],
  bin: ["XDG_BIN_HOME"],
  concurrency: ["--concurrency", "PKG_CONCURRENCY"],
  syncInterval: ["PKG_SYNC_INTERVAL"],
  retryFor: ["PKG_RETRY_FOR"],
  offline: ["--offline", "PKG_OFFLINE"],
  caFile: ["--ca-file", "SSL_CERT_FILE"],
  httpProxy: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
  httpsProxy: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
  noProxy: ["no_proxy", "NO_PROXY"],
};

/** What options and variables set, by the names of the options that were given. */
export function overridesOf(options: ReadonlySet<string>, env: Environment): Overrides {
  const found = Object.entries(SOURCES).flatMap(([setting, names]): readonly (readonly [string, Origin])[] => {
    const name = names.find((one) => (one.startsWith("--") ? options.has(one) : isInForce(env, one)));
    if (name === undefined) return [];
    return [[setting, name.startsWith("--") ? { kind: "option", name } : { kind: "environment", name }]];
  });
  return Object.fromEntries(found);
}

/** Where the value of a key of the config file comes from: that file, or else a default. */
export function originInFile(
  file: { readonly path: string; readonly text: string },
  key: readonly string[],
): Origin | null {
  const line = keyLine(file.text, key);
  return line === null ? null : { kind: "file", path: file.path, line };
}

/** XDG says that relative paths are ignored. */
function isInForce(env: Environment, name: string): boolean {
  const value = variable(env, name);
  return value !== null && (!name.startsWith("XDG_") || value.startsWith("/"));
}
