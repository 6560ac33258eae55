import type { Target } from "./content.ts";

/** A target whose bytes lie at hand: reading them again costs little. */
export interface LocalTarget extends Target {
  readonly isLocal: true;
}

/** True where reading what was read already costs little. */
export function isLocal(place: object): boolean {
  return "isLocal" in place && place.isLocal === true;
}
