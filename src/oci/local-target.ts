import type { Target } from "./content.ts";
import type { Digest } from "./digest.ts";

/** A target whose bytes lie at hand: reading them again costs little. */
export interface LocalTarget extends Target {
  readonly isLocal: true;
  /** The manifests that its index lists, tagged or not. @throws {PkgError} LAYOUT_INVALID */
  listManifests(): Promise<readonly Digest[]>;
}

/** True where reading what was read already costs little. */
export function isLocal(place: object): place is LocalTarget {
  return "isLocal" in place && place.isLocal === true;
}
