import { setFlagsFromString } from "node:v8";

/** How often a function, or a loop in it, has run when V8 optimizes it, for a quick result and for a thorough one. */
export const USUAL_COUNTS = {
  "--invocation-count-for-maglev": 400,
  "--invocation-count-for-maglev-osr": 100,
  "--invocation-count-for-turbofan": 3_000,
  "--invocation-count-for-osr": 500,
} as const;
const TIMES = 10;

/**
 * Has V8 optimize only what is called ten times as often as usual, on all threads of the process: for work on several threads that
 * is over within a second. Each thread has functions of its own, and what is optimized for it is hardly used before it ends. Code
 * caches that are read meanwhile do not fit, since V8 compares such numbers.
 */
export function optimizeLater(): void {
  setCounts(TIMES);
}

/** Undoes optimizeLater(): code caches fit again. */
export function optimizeAsUsual(): void {
  setCounts(1);
}

function setCounts(times: number): void {
  for (const [flag, count] of Object.entries(USUAL_COUNTS)) setFlagsFromString(`${flag}=${count * times}`);
}
