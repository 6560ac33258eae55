/** What an index says about a bottle, beside what it says about any package. */
export interface KegFacts {
  /** `any`, `any_skip_relocation`, or the absolute path of the cellar that the bottle is pinned to. */
  readonly cellar: string;
  /** What the bottle is built for: `x86_64_linux`, or `all`. */
  readonly bottleTag: string;
  /** Outranks the version: a higher one is newer whatever the versions say. */
  readonly versionScheme: number;
  /** Why it has no links but the one in `opt`; null when it has. */
  readonly kegOnly: string | null;
  /** True when it works at the prefix that it was built for alone. */
  readonly needsBuildPrefix: boolean;
  readonly conflicts: readonly Conflict[];
  readonly deprecated: Ending | null;
  readonly disabled: Ending | null;
  /** What its user should know, in several lines; null when there is nothing. */
  readonly caveats: string | null;
  readonly postInstall: PostInstall;
  readonly hasService: boolean;
}

/** A package that must not be linked beside this one. */
export interface Conflict {
  readonly name: string;
  readonly because: string | null;
}

/** Since when a package should not, or cannot, be used. */
export interface Ending {
  /** ISO 8601, without a time; null when the index says none. */
  readonly date: string | null;
  readonly because: string | null;
}

/** What follows the word `disabled` or `deprecated`: ` since 2026-01-01: it is not maintained`. */
export function endingText({ date, because }: Ending): string {
  return `${date === null ? "" : ` since ${date}`}${because === null ? "" : `: ${because}`}`;
}

/** What has to be done after a bottle is poured. `steps` are declarative; `code` is written in Ruby, which is not run. */
export type PostInstall =
  | { readonly kind: "none" }
  | { readonly kind: "code" }
  | { readonly kind: "steps"; readonly steps: readonly unknown[] };

/** What is recorded of a keg: a bottle that was poured into the prefix. */
export interface InstalledKeg {
  /** The prefix that its files were relocated to; absolute. */
  readonly prefix: string;
  readonly kegOnly: string | null;
  readonly versionScheme: number;
}
