import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Cleanup } from "../support/temp-home.ts";

/** A program of these tests that runs in a process of its own; killed after the test if it still runs. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line it prints; null once it has ended. */
  line(): Promise<string | null>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
}

export function startChild(test: Cleanup, script: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  test.after(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => {
      const { done, value } = await lines.next();
      return done === true ? null : value;
    },
    ended: once(child, "exit"),
  };
}
