import type { Digest } from "../oci/digest.ts";
import type { Installation, InstalledLink } from "../package/installation.ts";

/** A link to make or change. Paths are names in the bin directory; link texts are as `readlink` returns them. */
export interface LinkChange {
  readonly path: string;
  /** The text that the link will have. */
  readonly target: string;
  /** The text of our link there before; null when there was none. */
  readonly previous: string | null;
  /** The new name of a file or link there that is not ours; null when nothing has to be renamed. */
  readonly saved: string | null;
}

/** A link to remove. */
export interface LinkRemoval {
  readonly path: string;
  /** The text that it had. */
  readonly previous: string;
}

/** A copy of a file to make, replace or remove: what somebody has changed stays as it is. */
export interface CopyChange {
  readonly path: string;
  /** What it is to hold; null: it goes. */
  readonly next: CopiedFile | null;
  /** What it holds now, as this program wrote it; null: nothing is there. */
  readonly previous: CopiedFile | null;
}

/** A file of a package, whose blob is in the store. */
export interface CopiedFile {
  readonly digest: Digest;
  /** As in `InstalledFile.mode`. */
  readonly mode: number;
}

/** A link that becomes that of another package again. */
export interface ReturnedLink {
  /** Its name in the bin directory. */
  readonly path: string;
  /** Name of the package that had it before. */
  readonly name: string;
  /** Relative to the directory of that package. */
  readonly target: string;
  readonly kind: InstalledLink["kind"];
}

/** What was in the way of a link and was moved aside; names in the bin directory. */
export interface SavedFile {
  readonly path: string;
  readonly saved: string;
  /** What it was, to tell whether somebody has changed it since. */
  readonly stamp: string;
}

/** A package to place. */
export interface StagedInstall {
  /** As it will be recorded. */
  readonly installation: Installation;
  /** The staging directory, in the packages directory or the prefix; fresh for every intent. */
  readonly staging: string;
  /**
   * What its directory is renamed to, if there is one already, as a keg has the same directory each time: it is restored if the
   * change is undone. Absent: nothing is there.
   */
  readonly aside?: string;
  /** Its directories from before the record was lost, relative to the packages directory. Absent: there are none. */
  readonly adopts?: readonly string[];
}

/** A package to remove. */
export interface PackageRemoval {
  readonly name: string;
  /** Relative to the packages directory. */
  readonly directory: string;
  readonly digests: readonly Digest[];
  /** True if all that is in its directory goes as well; absent: only what was placed. */
  readonly purge?: boolean;
}

/**
 * A journalled unit: everything that a plan changes on disk, with all that is needed to finish it or to undo it. The links
 * are those of all packages together, each path at most once.
 */
export interface Intent {
  readonly installs: readonly StagedInstall[];
  readonly removals: readonly PackageRemoval[];
  /** Installations whose files and links are already in place: only their records are renewed. */
  readonly renewals: readonly Installation[];
  readonly links: readonly LinkChange[];
  readonly unlinks: readonly LinkRemoval[];
  /** Files and links that were moved aside and come back: each as the change that moved it, to be undone. Absent: none. */
  readonly restores?: readonly LinkChange[];
  /** Links that come back to packages that other ones had taken them from; `links` has the changes. Absent: none. */
  readonly returns?: readonly ReturnedLink[];
  /** What is moved aside, to be recorded. Absent: nothing. */
  readonly saves?: readonly SavedFile[];
  /** Names of what was moved aside and is not to be given back any more. Absent: none. */
  readonly forgets?: readonly string[];
  /** Absent: none. */
  readonly copies?: readonly CopyChange[];
  /** The places of the directories in the data directory that it makes; absent: none. */
  readonly makes?: readonly string[];
  /** Where the prefix is, absolute; absent: nothing of it is in the prefix. */
  readonly prefix?: string;
  /** Who makes the change; absent where an older program wrote it. */
  readonly origin?: ChangeOrigin;
  /** The temporary name of new links, beside each; fresh for every intent. */
  readonly draft: string;
}

/** The run of the program that makes a change. */
export interface ChangeOrigin {
  /** As it was typed, without secrets. */
  readonly command: string;
  /** One for each run: all that one run changes is one generation. */
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  /** The generation whose state is brought back; null: it is no undo. */
  readonly stateOf: number | null;
}

/** What can be removed once a change is recorded. */
export interface Cleanup {
  /** Relative to the packages directory: removed with all that is in them, by older programs alone. */
  readonly directories: readonly string[];
  /** Directories from which only what was placed there is removed; absent where an older program wrote it. */
  readonly packages?: readonly PackageCleanup[];
  /** Copies that somebody has edited, which stay; absent: none. */
  readonly left?: readonly LeftCopy[];
  /** Blobs, unless something else refers to them. */
  readonly digests: readonly Digest[];
}

/** A copy that stays although the package that it was of is gone. */
export interface LeftCopy {
  /** Of the package. */
  readonly name: string;
  /** As in `InstalledLink.path`. */
  readonly directory: string;
}

/** The directory of a package that was replaced or removed. */
export interface PackageCleanup {
  readonly name: string;
  /** Relative to the packages directory. */
  readonly directory: string;
  /** What was placed there: paths relative to it. */
  readonly files: readonly string[];
  /** Those of them that somebody has edited since, and that are kept; absent where an older program wrote it. */
  readonly edited?: readonly string[];
  /** The directory that takes its place, relative to the packages directory; null: none does. */
  readonly successor: string | null;
  /** True if all that is there goes, whoever made it. */
  readonly purge?: boolean;
}
