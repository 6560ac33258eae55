import type { Failure } from "../capabilities/outcome.ts";
import type { GivenBack } from "../profile/profile.ts";
import type { KeptFiles } from "./install-outcome.ts";

/** A package that was removed, or would be. */
export interface RemovedPackage {
  readonly action: "remove" | "plan";
  readonly name: string;
  readonly version: string;
  /** True when nobody asked for it. */
  readonly isDependency: boolean;
  /** Of its files. */
  readonly sizeBytes: number;
  readonly links: readonly string[];
  /** Links that have been changed by hand since, and stay as they are. */
  readonly left: readonly string[];
  /** What was not placed by this program, and stays. */
  readonly kept: KeptFiles;
  /** What came back for its links: what had been moved aside, or the links of other packages. */
  readonly givenBack: readonly GivenBack[];
}

/** The outcome for one package that was named, or went with one. */
export type RemovedItem =
  | RemovedPackage
  /** It stays, or would, as a dependency of what needs it. */
  | {
      readonly action: "mark";
      readonly name: string;
      readonly version: string;
      readonly isDependency: boolean;
      /** Names of what needs it. */
      readonly neededBy: readonly string[];
    }
  /** Nothing of that name is installed; what had been kept is removed, or would be: absolute paths. */
  | { readonly action: "purge"; readonly name: string; readonly purged: readonly string[] }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

/** What `remove` and `autoremove` did, or would do. */
export interface RemoveOutcome {
  readonly dryRun: boolean;
  readonly packages: readonly RemovedItem[];
}
