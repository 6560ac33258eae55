/** One package of a closure. */
export interface NeededPackage {
  readonly name: string;
  /** As the index has it, or as it is installed where it stays as it is; null: the index has nothing of that name. */
  readonly version: string | null;
  /** Null: it is not installed. */
  readonly installedVersion: string | null;
  /** Names of other packages of the closure. */
  readonly dependencies: readonly string[];
  /** Why it cannot be installed; null: it can, or is. */
  readonly problem: string | null;
}

/** A package and all that it needs to run. */
export interface DependencyTree extends NeededPackage {
  readonly repository: string | null;
  /** All that it needs, each once. */
  readonly closure: readonly NeededPackage[];
}
