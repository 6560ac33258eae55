import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";

/**
 * Opens the state before a change is planned, so that the plan is made of what is recorded then. Where nothing can be
 * written, the plan is made of what can be read: only if it changes anything is the state asked for again, and that fails.
 */
export async function openForChange(cap: Pick<Capabilities, "state">, dryRun: boolean): Promise<void> {
  if (dryRun) return;
  try {
    await cap.state();
  } catch (error) {
    if (!hasCode(error, "DISK_FULL", "PERMISSION_DENIED", "FILE_SYSTEM")) throw error;
  }
}
