import { BUILT_IN_REPOSITORIES } from "../../src/config/defaults.ts";

/** For config.toml: nothing is fetched from the network, unless a test configures it. */
export const NO_DEFAULT_REPOSITORIES = Object.keys(BUILT_IN_REPOSITORIES)
  .map((name) => `[repositories.${name}]\nenabled = false\n`)
  .join("");

export interface SampleConfig {
  /** Of the one repository, `tools`. */
  readonly indexUrl: string;
  /** Its public key. */
  readonly key: string;
  /** The URL of the registry that stands in for ghcr.io. */
  readonly registryUrl: string;
}

/** A config.toml with one repository, whose packages are at ghcr.io, and a registry that stands in for that. */
export function sampleConfig({ indexUrl, key, registryUrl }: SampleConfig): string {
  return `${NO_DEFAULT_REPOSITORIES}[repositories.tools]
url = "${indexUrl}"
keys = ["${key}"]
signed_index = false
[registries."ghcr.io"]
mirrors = ["${registryUrl}"]
mirror_only = true
`;
}
