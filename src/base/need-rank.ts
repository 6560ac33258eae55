import { maxOf } from "./many.ts";
/**
 * Ranks how well a machine suits a program by what the program needs, such as C libraries: 0 if it needs nothing, else
 * the last place in `available`, counted from 1, of anything it needs. Null if one is missing, so that it cannot run.
 */
export function needRank(needed: readonly string[], available: readonly string[]): number | null {
  const places = needed.map((name) => available.indexOf(name));
  return places.includes(-1) ? null : maxOf(places, -1) + 1;
}
