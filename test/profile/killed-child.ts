/** Forks a process that does something in a home, as it is told in messages, and answers once faults.c has killed that. */
import { rmdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../src/errors.ts";
import type { KillOrder } from "./killed.ts";
import { openLife, perform } from "./life-operations.ts";

process.on("message", async (order: KillOrder & { readonly faults: string }) => {
  process.env["PKG_FAULTS"] = order.faults;
  const met = fork(order.home);
  if (met === "ENOENT") await dieWith(order);
  delete process.env["PKG_FAULTS"];
  process.send?.(met);
});

/** What the call that forks meets: ENOENT in the child. */
function fork(home: string): string {
  try {
    rmdirSync(join(home, ".fork"));
    return "nothing";
  } catch (error) {
    return systemCode(error) ?? String(error);
  }
}

/** Where it ends before the step at which it was to be killed, it is killed then. */
async function dieWith({ home, operation, run }: KillOrder): Promise<never> {
  try {
    await perform(
      openLife(home, () => run),
      operation,
    );
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  // Node believes that it is its parent still: the library knows its number.
  rmdirSync(join(home, ".killed"));
  return await new Promise<never>(() => {});
}
