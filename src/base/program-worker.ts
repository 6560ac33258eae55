import { getAsset, isSea } from "node:sea";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** The code of a thread. */
export interface WorkerCode {
  /** The asset of the built program that has it. */
  readonly asset: string;
  /** The module that it is made of, which is run where the program is not built. */
  readonly module: URL;
}

/** Starts a thread. @throws {Error} where the system gives none; the thread may fail later as well */
export function startWorker(
  { asset, module }: WorkerCode,
  options: Pick<WorkerOptions, "resourceLimits" | "workerData"> = {},
): Worker {
  return isSea()
    ? new Worker(getAsset(asset, "utf8"), { ...options, eval: true, execArgv: [] })
    : new Worker(module, { ...options, execArgv: [] });
}
