import type { Failure } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Check, Waiver } from "../package/policy.ts";
import type { Plan } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { TakenPlaces } from "../profile/change-plan.ts";
import type { GivenBack } from "../profile/profile.ts";
import type { Consent, Question } from "./name-concerns.ts";

/** Absolute paths of what is kept, as it is not what this program placed. */
export interface KeptFiles {
  /** Moved to the directory of the new version. */
  readonly moved: readonly string[];
  /** Moved there under the name `saved`, as the new version has something else at `path`. */
  readonly saved: readonly { readonly path: string; readonly saved: string }[];
  /** In the directory of the version that was there before. */
  readonly left: readonly string[];
  /** Directories that a process still runs something in, which are kept until `pkg clean`. Absent: none. */
  readonly inUse?: readonly string[];
}

/** The outcome for one package that was named. */
export type InstalledItem =
  | {
      readonly action: "install" | "change" | "reinstall";
      readonly name: string;
      readonly version: string;
      readonly previousVersion: string | null;
      readonly repository: string | null;
      /** Of its files. */
      readonly sizeBytes: number;
      /** Bytes that came over the network for it. */
      readonly bytesReceived: number;
      readonly durationMs: number;
      readonly signedBy: string | null;
      /** Whether the index that it was found in is signed; null for a direct reference. */
      readonly indexSigned: boolean | null;
      readonly checks: readonly Check[];
      readonly skipped: readonly Waiver[];
      readonly links: readonly string[];
      /** What a program or a person wrote beside the files of the version before: it moved along, or was left where it was. */
      readonly kept: KeptFiles;
      readonly isDependency: boolean;
      /** What it took the place of, with --force. */
      readonly taken: TakenPlaces;
      /** What came back for the links that it does not have any more. */
      readonly givenBack: readonly GivenBack[];
      /** What it has no link to in the prefix, as something else is there: `name` is the package that has the path. */
      readonly notLinked?: readonly { readonly path: string; readonly name?: string }[];
      /** Copies of its files in the prefix that somebody has edited, which stay; `beside`: where the new ones are. */
      readonly changedCopies?: readonly { readonly path: string; readonly beside?: string }[];
      /** What a person should know of a bottle, such as its caveats; each in one line or several. */
      readonly notes?: readonly string[];
    }
  | {
      readonly action: "keep";
      readonly name: string;
      readonly version: string;
      readonly repository: string | null;
      readonly isDependency: boolean;
      /** True when nothing updates it, as its repository was removed. */
      readonly orphaned: boolean;
      /** Why nobody can tell whether it is up to date. */
      readonly error?: Failure;
    }
  /** The same stays: it was a dependency and is asked for now, or the other way round. */
  | {
      readonly action: "mark";
      readonly name: string;
      readonly version: string;
      readonly repository: string | null;
      readonly isDependency: boolean;
      /** As above. */
      readonly notes?: readonly string[];
    }
  /** Nothing needs it any more. */
  | {
      readonly action: "remove";
      readonly name: string;
      readonly version: string;
      readonly repository: string | null;
      readonly isDependency: boolean;
      /** Of its files. */
      readonly sizeBytes: number;
    }
  | {
      readonly action: "plan";
      readonly step: "install" | "change" | "mark" | "remove";
      readonly name: string;
      readonly version: string;
      readonly previousVersion: string | null;
      readonly repository: string | null;
      readonly sizeBytes: number | null;
      readonly reference: string;
      readonly isDependency: boolean;
      readonly indexSigned: boolean | null;
      readonly checks: readonly Check[];
    }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

/** What `install` or `update` did, or would do. */
export interface InstallOutcome {
  readonly dryRun: boolean;
  readonly packages: readonly InstalledItem[];
  readonly binDirectory: string;
  /** Whether the bin directory is on PATH, so that programs are found by their names. */
  readonly isOnPath: boolean;
}

/** How a plan is carried out. */
export interface ApplyOptions {
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly consent: Consent;
  /** Whether AppImages get directories of their own for home and config; absent: as they are, and as the config says. */
  readonly portable?: boolean;
  /** Whether nothing is changed unless all of it can be; default: what can be is. */
  readonly isWhole?: boolean;
}

/** What was resolved and planned, and the questions to ask a person before it is carried out. */
export interface InstallPlan {
  readonly plan: Plan;
  /** Names of what nobody named, and what was named needs. */
  readonly needed: ReadonlySet<string>;
  readonly questions: readonly Question[];
  /** Why some of what was named could not be planned. */
  readonly errors: readonly PkgError[];
  readonly failed: readonly InstalledItem[];
  /**
   * Plans once more, by a newer index, what its registry does not have; gives null where there is none. Null: the indexes are the
   * newest that can be had.
   */
  readonly renew: ((gone: readonly Resolution[]) => Promise<InstallPlan | null>) | null;
  /** The lock file that all of it is from; absent: none. */
  readonly lockFile?: string;
  /**
   * Plans a package of the same repository that some need beside what their entries say, and what that needs; gives null where
   * there is none, or it cannot be had. Absent: nothing comes from an index.
   */
  readonly along?: (needers: readonly Resolution[], name: string) => Promise<PlannedAlong | null>;
}

/** What is installed besides what was planned. */
export interface PlannedAlong {
  readonly plan: Plan;
  /** What the package is installed as. */
  readonly name: string;
}
