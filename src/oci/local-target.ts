import type { Target } from "./content.ts";
import type { Digest } from "./digest.ts";

/** A target on this machine or in memory, where reading again is cheap. */
export interface LocalTarget extends Target {
  readonly isLocal: true;
  /** The manifests in its index, tagged or not. @throws {PkgError} LAYOUT_INVALID */
  listManifests(): Promise<readonly Digest[]>;
}

/** True for a place on this machine or in memory. */
export function isLocal(place: object): place is LocalTarget {
  return "isLocal" in place && place.isLocal === true;
}
