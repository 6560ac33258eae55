import { basename } from "node:path";
import { getAsset, isSea } from "node:sea";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread.
 *
 * @param module its code, in a file that ends in `-worker.ts`: in the built program, an asset of that name has it
 * @throws {Error} where the system gives none; the thread may fail later as well
 */
export function startWorker(module: URL, options: Pick<WorkerOptions, "resourceLimits" | "workerData"> = {}): Worker {
  return isSea()
    ? new Worker(getAsset(`${basename(module.pathname, ".ts")}.cjs`, "utf8"), { ...options, eval: true, execArgv: [] })
    : new Worker(module, { ...options, execArgv: [] });
}
