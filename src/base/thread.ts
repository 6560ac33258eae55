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
    ? new Worker(codeOf(`${basename(module.pathname, ".ts")}.cjs`), { ...options, eval: true, execArgv: [] })
    : new Worker(module, { ...options, execArgv: [] });
}

const codes = new Map<string, string>();

/** Read once, for all threads. */
function codeOf(asset: string): string {
  const code = codes.get(asset) ?? getAsset(asset, "utf8");
  codes.set(asset, code);
  return code;
}
