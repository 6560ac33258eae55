/** The platform of this machine, as Homebrew calls it. */
export const TAG = process.arch === "arm64" ? "arm64_linux" : "x86_64_linux";
export const BUILD_PREFIX = "/home/linuxbrew/.linuxbrew";
/** The cellar of a bottle that works at Homebrew's own prefix, or at a shorter one. */
export const PINNED = `${BUILD_PREFIX}/Cellar`;

/** A formula as a test describes it; what is absent is blank in the index. */
export interface SampleFormula {
  readonly name: string;
  /** Without its revision. */
  readonly version: string;
  readonly revision?: number;
  readonly rebuild?: number;
  readonly versionScheme?: number;
  readonly description?: string;
  readonly homepage?: string;
  readonly license?: string;
  /** Needed to run. */
  readonly dependencies?: readonly string[];
  /** Needed to build it; a reader has to leave them out. */
  readonly buildDependencies?: readonly string[];
  /** What macOS brings with it, so on Linux dependencies like any other. */
  readonly usesFromMacos?: readonly string[];
  readonly executables?: readonly string[];
  readonly aliases?: readonly string[];
  readonly oldNames?: readonly string[];
  /** `:versioned_formula`, another symbol, or a text. */
  readonly kegOnly?: string;
  readonly conflicts?: Readonly<Record<string, string>>;
  readonly caveats?: string;
  /** `:any`, or the path that it is pinned to; default: `:any_skip_relocation`. */
  readonly cellar?: string;
  /** Of its bottle, in hex; absent: there is none. */
  readonly sha256?: string;
  /** Whether the bottle is the same on every platform. */
  readonly isForAll?: boolean;
  readonly deprecated?: SampleEnding;
  readonly disabled?: SampleEnding;
  readonly postInstallSteps?: readonly object[];
  /** Whether it has a post-install that is written in Ruby. */
  readonly hasPostInstallCode?: boolean;
  readonly needsBuildPrefix?: boolean;
  /** Written over its entry in the internal index, whatever it is. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

export interface SampleEnding {
  readonly date: string;
  readonly because: string;
}

/** With its revision, as the keg's directory and the tag are called. */
export function kegVersion({ version, revision = 0 }: Pick<SampleFormula, "version" | "revision">): string {
  return revision === 0 ? version : `${version}_${revision}`;
}
