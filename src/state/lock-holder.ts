import { renameSync, rmSync } from "node:fs";
import { isAlive } from "../base/process-alive.ts";
import { PkgError, systemCode } from "../errors.ts";
import { draftPath } from "../fs/draft-path.ts";
import { createFileWith } from "../fs/new-file.ts";
import { readLocalFileSync } from "../fs/read-file.ts";

/** More than any command line that is shown. */
const MAX_HOLDER_BYTES = 64 * 1024;

/** The process that holds the lock. */
export interface LockHolder {
  readonly pid: number;
  /** What was typed, without anything that may be secret; shown to those who wait. */
  readonly command: string;
}

/**
 * Writes next to the lock who holds it. Nothing is synced, as it has no meaning after a power cut. It is only informative,
 * so a failure to write it is ignored: `remove` has to work on a full disk.
 */
export function announceHolder(lockPath: string, { pid, command }: LockHolder): void {
  const path = holderPath(lockPath);
  const draft = draftPath(path, "tmp");
  ignoringSystemErrors(() => {
    try {
      createFileWith(draft, JSON.stringify({ pid, command }));
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** Removes what `announceHolder` wrote; to be called while the lock is still held. */
export function withdrawHolder(lockPath: string): void {
  ignoringSystemErrors(() => rmSync(holderPath(lockPath), { force: true }));
}

/** `pid 123 (pkg install trurl)`; "another process" when the holder is unknown or has ended. */
export function describeHolder(lockPath: string): string {
  const holder = readHolder(lockPath);
  return holder === null || !isAlive(holder.pid) ? "another process" : `pid ${holder.pid} (${holder.command})`;
}

/** True while a process that is known holds the lock; nothing is opened for writing to find out. */
export function isHeld(lockPath: string): boolean {
  const holder = readHolder(lockPath);
  return holder !== null && isAlive(holder.pid);
}

/** Where the holder of a lock is named. */
export function holderPath(lockPath: string): string {
  return `${lockPath}.holder`;
}

/** Who wrote that it holds the lock, whether it still runs or not; null: nobody. */
export function readHolder(lockPath: string): LockHolder | null {
  try {
    const holder: unknown = JSON.parse(
      readLocalFileSync(holderPath(lockPath), { maxBytes: MAX_HOLDER_BYTES }).toString("utf8"),
    );
    return isHolder(holder) ? { pid: holder.pid, command: holder.command } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof PkgError || systemCode(error) !== undefined) return null;
    throw error;
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("command" in value)) return false;
  return Number.isInteger(value.pid) && Number(value.pid) > 0 && typeof value.command === "string";
}

function ignoringSystemErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}
