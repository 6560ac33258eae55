import { constants, openSync } from "node:fs";

/**
 * Opens a pipe that is open already once more, for writing without waiting: others who have it open share whether the first one waits. The
 * caller closes it.
 *
 * @throws the system's own errors
 */
export function openPipeAgain(descriptor: number): number {
  return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
}
