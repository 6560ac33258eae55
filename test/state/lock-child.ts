/** Holds the lock named by the first argument until a line comes in. */
import { once } from "node:events";
import { withLock } from "../../src/state/lock.ts";

await withLock(
  {
    path: process.argv[2] ?? "",
    command: "pkg install trurl",
    pid: process.pid,
    signal: new AbortController().signal,
    onWait: (holder) => process.stdout.write(`waits for ${holder}\n`),
  },
  async () => {
    process.stdout.write("locked\n");
    await once(process.stdin, "data");
  },
);
process.stdout.write("freed\n");
process.stdin.destroy();
