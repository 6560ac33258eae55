import type { Digest } from "../oci/digest.ts";
import type { Installation } from "../package/installation.ts";

/** A link that is switched. Paths are names in the bin directory, link texts are as `readlink` gives them. */
export interface LinkChange {
  readonly path: string;
  /** What the link will say. */
  readonly target: string;
  /** What one of our links said there before; null when there was none. */
  readonly previous: string | null;
  /** The name that what was there, and is not ours, is moved aside to; null when there was nothing of the kind. */
  readonly saved: string | null;
}

/** A link that is taken away. */
export interface LinkRemoval {
  readonly path: string;
  /** What it said. */
  readonly previous: string;
}

export interface InstallIntent {
  readonly kind: "install";
  /** As it will be recorded. */
  readonly installation: Installation;
  /** Name of the staging directory, in the packages directory; fresh for every intent. */
  readonly staging: string;
  readonly links: readonly LinkChange[];
  /** Links of the version before that this one has no more. */
  readonly unlinks: readonly LinkRemoval[];
}

export interface RemoveIntent {
  readonly kind: "remove";
  readonly name: string;
  /** Relative to the packages directory. */
  readonly directory: string;
  readonly digests: readonly Digest[];
  readonly unlinks: readonly LinkRemoval[];
}

/** What is about to change on disk, with all that it takes to finish or to undo it. */
export type Intent = InstallIntent | RemoveIntent;

/** What nothing needs any more once a change is recorded. */
export interface Cleanup {
  /** Relative to the packages directory. */
  readonly directories: readonly string[];
  /** Blobs, unless something else refers to them. */
  readonly digests: readonly Digest[];
}
