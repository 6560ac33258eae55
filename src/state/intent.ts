import type { Digest } from "../oci/digest.ts";
import type { Installation } from "../package/installation.ts";

/** A link that is switched. Paths are names in the bin directory, link texts are as `readlink` gives them. */
export interface LinkChange {
  readonly path: string;
  /** What the link will say. */
  readonly target: string;
  /** What one of our links said there before; null when there was none. */
  readonly previous: string | null;
  /** The name that a file or link which is not ours is moved aside to; null when nothing has to be moved. */
  readonly saved: string | null;
}

/** A link that is taken away. */
export interface LinkRemoval {
  readonly path: string;
  /** What it said. */
  readonly previous: string;
}

/** A package that is to be placed. */
export interface StagedInstall {
  /** As it will be recorded. */
  readonly installation: Installation;
  /** Name of the staging directory, in the packages directory; fresh for every intent. */
  readonly staging: string;
}

/** A package that is to be taken away. */
export interface PackageRemoval {
  readonly name: string;
  /** Relative to the packages directory. */
  readonly directory: string;
  readonly digests: readonly Digest[];
}

/**
 * One journalled unit: everything that a plan changes on disk, with all that it takes to finish or to undo it. The links
 * are those of all its packages together, each path at most once.
 */
export interface Intent {
  readonly installs: readonly StagedInstall[];
  readonly removals: readonly PackageRemoval[];
  /** Installations whose files and links are in place already: only their record is renewed. */
  readonly renewals: readonly Installation[];
  readonly links: readonly LinkChange[];
  readonly unlinks: readonly LinkRemoval[];
  /** The name that new links are made under in the bin directory; fresh for every intent. */
  readonly draft: string;
}

/** What nothing needs any more once a change is recorded. */
export interface Cleanup {
  /** Relative to the packages directory. */
  readonly directories: readonly string[];
  /** Blobs, unless something else refers to them. */
  readonly digests: readonly Digest[];
}
