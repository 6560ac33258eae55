import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { type Call, compileFaults, readCalls, written } from "./faults.ts";
import type { Operation } from "./life-operations.ts";

const CHILD = join(import.meta.dirname, "killed-child.ts");

/** What a process does until it is killed. */
export interface KillOrder {
  readonly home: string;
  readonly operation: Operation;
  /** The number of its run. */
  readonly run: number;
  /** Before which of its calls it is killed, from 1; at its end, if it makes fewer. */
  readonly call: number;
}

/** Makes processes that are killed; it forks them, as starting one takes far longer. */
export interface KillingProcess {
  /** Returns once the process is dead, with the calls that it has made. */
  kill(order: KillOrder): Promise<readonly Call[]>;
}

/** Starts it; it ends with the test. */
export function startKillingProcess(test: Cleanup): KillingProcess {
  const scratch = tempDirectory(test);
  // What is forked has one thread: nothing may wait for others.
  const execArgv = ["--single-threaded"];
  const child = fork(CHILD, { execArgv, env: { ...process.env, LD_PRELOAD: compileFaults(scratch) } });
  test.after(() => void (child.connected && child.disconnect()));
  const died = once(child, "exit").then(() => Promise.reject(new Error("the process that forks ended")));
  died.catch(() => {});
  let orders = 0;
  return {
    async kill(order) {
      const log = join(scratch, `calls-${orders++}`);
      const answer = once(child, "message");
      child.send({ ...order, faults: `${written(order, log)}\n* ${order.call} kill 0` });
      const [met] = await Promise.race([answer, died]);
      if (met !== "ECHILD") throw new Error(`the process was not killed: ${met}`);
      const calls = readCalls(log);
      rmSync(log);
      return calls;
    },
  };
}
