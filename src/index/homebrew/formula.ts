import type { KegFacts } from "../../package/keg.ts";

/** What a formula says about itself, for one platform; every form of the index is decoded into it. */
export interface Formula extends Omit<KegFacts, "cellar" | "bottleTag"> {
  /** e.g. `openssl@3` */
  readonly name: string;
  readonly description: string;
  readonly homepage: string | null;
  /** An SPDX expression, as far as it can be written as one; null when the index says none. */
  readonly license: string | null;
  /** With its revision, as the keg's directory is called: `1.7.1_2`. */
  readonly version: string;
  /** Null where no bottle was built for the platform: the formula is known, and cannot be installed. */
  readonly bottle: Bottle | null;
  /** Names of the formulae that it needs to run. */
  readonly dependencies: readonly string[];
  /** Names of its programs. */
  readonly executables: readonly string[];
  readonly aliases: readonly string[];
  readonly oldNames: readonly string[];
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
