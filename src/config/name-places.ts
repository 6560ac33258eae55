import { variable } from "../base/environment.ts";
import { asObject } from "../base/json.ts";
import { systemCode } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { BUILT_IN_REPOSITORIES } from "./defaults.ts";
import { locatedPaths, type PathWords } from "./located-paths.ts";
import { type Paths, pathsOf } from "./paths.ts";
import { profileOf } from "./profile-names.ts";
import { repositoryNames } from "./repository-names.ts";
import { parseToml } from "./toml.ts";

/** Where the names are that may stand in a command line. */
export interface NamePlaces {
  readonly paths: Paths;
  /** In the order in which they are asked. */
  readonly repositories: readonly { readonly name: string; readonly enabled: boolean }[];
}

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * As much of the configuration as completing a line needs: nothing is checked and no key is parsed, so it takes a tenth of the
 * time of `loadConfig()`. What is not as it should be counts as not written.
 *
 * @throws {PkgError} CONFIG_INVALID, PROFILE_UNKNOWN, USAGE
 */
export function namePlaces(words: PathWords & { readonly profile: string | undefined }): NamePlaces {
  const { paths } = locatedPaths(words);
  const profile = profileOf({ profiles: paths.namedProfiles, flag: words.profile, env: words.env }, false);
  const userHome = variable(words.env, "HOME");
  const written = writtenRepositories(paths.configFile);
  const repositories = repositoryNames(written).map((name) => ({ name, enabled: isEnabled(name, written[name]) }));
  return { paths: pathsOf({ defaultPaths: paths, userHome }, profile), repositories };
}

type Table = Readonly<Record<string, unknown>>;

function writtenRepositories(path: string): Readonly<Record<string, Table>> {
  const file = tableOf(parseToml({ path, text: textOf(path) }, ""));
  return Object.fromEntries(Object.entries(tableOf(file["repositories"])).map(([name, one]) => [name, tableOf(one)]));
}

function textOf(path: string): string {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_CONFIG_BYTES }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}

function isEnabled(name: string, written: Table = {}): boolean {
  const { enabled, url } = written;
  if (typeof enabled === "boolean") return enabled;
  const builtIn = Object.hasOwn(BUILT_IN_REPOSITORIES, name) ? BUILT_IN_REPOSITORIES[name] : undefined;
  return builtIn === undefined || (url !== undefined && url !== builtIn.url) || builtIn.whyDisabled === null;
}

function tableOf(value: unknown): Table {
  return asObject(value) ?? {};
}
