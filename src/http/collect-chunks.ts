import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How much may pile up. A collection takes well under a millisecond, and this much takes several to arrive. */
const EVERY_BYTES = 4 * 1024 * 1024;
/** What arrives before the first one: most packages are smaller, and the means to collect take longer to make than to use. */
const FIRST_BYTES = 12 * 1024 * 1024;

type Collect = (options: { readonly type: "minor" }) => void;

let collect: Collect | null = null;

/**
 * Returns a function to be called with the size of each chunk that was handed on; it frees dead chunks every few
 * megabytes. To V8 a chunk is a small object: left to itself, V8 lets hundreds of them pile up before it collects any,
 * and with them tens of megabytes outside its heap.
 */
export function createChunkCollector(): (bytes: number) => void {
  let since = EVERY_BYTES - FIRST_BYTES;
  return (bytes) => {
    since += bytes;
    if (since < EVERY_BYTES) return;
    since = 0;
    collect ??= exposedCollect();
    collect({ type: "minor" });
  };
}

/** V8 shows its collector to contexts that are made while this flag is set. */
function exposedCollect(): Collect {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  return typeof found === "function" ? (options) => void found(options) : () => {};
}
