import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";
import { type MovedPrefix, movedNotice, movedPrefix } from "../profile/prefix.ts";

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

type MovedCapabilities = Pick<Capabilities, "config" | "records" | "emit">;

/** Bottles that are elsewhere than the config has them, or than their files say; null: none are. */
export async function movedBottles({ config, records }: Omit<MovedCapabilities, "emit">): Promise<MovedPrefix | null> {
  const { prefix: configured, stateDatabase } = config.paths;
  const { installations } = await records();
  return movedPrefix({ configured, poured: installations.prefix(), stateDatabase }, installations.list);
}

/**
 * Says that the config has bottles elsewhere than they are, where they work all the same: what else is wrong, errors say.
 *
 * @returns as movedBottles()
 */
export async function tellMoved(cap: MovedCapabilities): Promise<MovedPrefix | null> {
  const moved = await movedBottles(cap);
  if (moved !== null && !moved.isWithHome) cap.emit({ kind: "warning", message: movedNotice(moved) });
  return moved;
}
