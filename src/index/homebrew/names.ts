const MAX_NAME_BYTES = 128;

/** As formulae are called: `jq`, `openssl@3`, `gtk+3`, `libx11`. Nothing of it can leave a directory. */
const FORMULA = /^[A-Za-z0-9][A-Za-z0-9@+._-]*$/;

/** Versions are directories, and parts of tags. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9+._~,-]*$/;

/** Whether it may be the name of a directory below the cellar, and of a repository in the registry. */
export function isFormulaName(name: string): boolean {
  return name.length <= MAX_NAME_BYTES && FORMULA.test(name) && !name.includes("..");
}

/** Whether it may be the name of a keg's directory. */
export function isKegVersion(version: string): boolean {
  return version.length <= MAX_NAME_BYTES && VERSION.test(version);
}

/**
 * A formula's repository in the registry: the name's `@` as `/`, its `+` as `x`, in lower case.
 *
 * @returns e.g. `homebrew/core/openssl/3`
 */
export function repositoryOf(name: string): string {
  return `homebrew/core/${name.replaceAll("@", "/").replaceAll("+", "x").toLowerCase()}`;
}

/** The tag of a bottle's image index: the version, and the rebuild when there is one. */
export function tagOf(version: string, rebuild: number): string {
  return rebuild === 0 ? version : `${version}-${rebuild}`;
}
