import type { Conflict, Ending, PostInstall } from "../../package/keg.ts";

/** What a formula says about itself, for one platform; every form of the index is decoded into it. */
export interface Formula {
  /** e.g. `openssl@3` */
  readonly name: string;
  readonly description: string;
  readonly homepage: string | null;
  /** An SPDX expression, as far as it can be written as one; null when the index says none. */
  readonly license: string | null;
  /** With its revision, as the keg's directory is called: `1.7.1_2`. */
  readonly version: string;
  /** Outranks the version: a higher one is newer whatever the versions say. */
  readonly versionScheme: number;
  /** Null where no bottle was built for the platform: the formula is known, and cannot be installed. */
  readonly bottle: Bottle | null;
  /** Names of the formulae that it needs to run. */
  readonly dependencies: readonly string[];
  /** Names of its programs. */
  readonly executables: readonly string[];
  readonly aliases: readonly string[];
  readonly oldNames: readonly string[];
  /** Why it has no links but the one in `opt`; null when it has. */
  readonly kegOnly: string | null;
  readonly conflicts: readonly Conflict[];
  readonly deprecated: Ending | null;
  readonly disabled: Ending | null;
  /** What its user should know, in several lines; null when there is nothing. */
  readonly caveats: string | null;
  /** What has to be done after it is poured. */
  readonly postInstall: PostInstall;
  readonly hasService: boolean;
  /** True when it works at Homebrew's own prefix alone. */
  readonly needsBuildPrefix: boolean;
}

/** An archive of what was built. */
export interface Bottle {
  /** Of the archive, and so of its blob; lower-case hex. */
  readonly sha256: string;
  /** What it is built for: `x86_64_linux`, or `all`. */
  readonly tag: string;
  /** Part of the tag in the registry when it is above 0. */
  readonly rebuild: number;
  /** `any`, `any_skip_relocation`, or the absolute path of the cellar that it is pinned to. */
  readonly cellar: string;
}
