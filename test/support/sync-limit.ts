import { runInNewContext } from "node:vm";

/** Far more than linear work takes on a busy machine, and less than what grows with the square of a large input. */
const LIMIT_MS = 10_000;

/**
 * Does synchronous work, and throws when it has not ended within `limitMs`. A timeout of node:test cannot do that: it
 * waits for its turn in the event loop, which such work blocks.
 */
export function endsSoon(work: () => void, limitMs = LIMIT_MS): void {
  runInNewContext("work()", { work }, { timeout: limitMs });
}
