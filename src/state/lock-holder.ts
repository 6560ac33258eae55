import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isAlive } from "../base/process-alive.ts";
import { systemCode } from "../errors.ts";

export interface LockHolder {
  readonly pid: number;
  /** What was typed, without what may be secret: shown to whoever waits. */
  readonly command: string;
}

/**
 * Says beside the lock who holds it. No power cut matters to it, so nothing is synced; and it only informs, so where
 * it cannot be written (a full disk, which `remove` shall be able to clear) nobody is told.
 */
export function announceHolder(lockPath: string, { pid, command }: LockHolder): void {
  const path = holderPath(lockPath);
  // Only the holder writes it, so one name will do, and what a killed process left there is written over.
  const draft = `${path}.new`;
  ignoringSystemErrors(() => {
    writeFileSync(draft, JSON.stringify({ pid, command }));
    renameSync(draft, path);
  });
}

/** To be called while the lock is still held. */
export function withdrawHolder(lockPath: string): void {
  ignoringSystemErrors(() => rmSync(holderPath(lockPath), { force: true }));
}

/** `pid 123 (pkg install trurl)`; "another process" when that is not known, or was told by a process that is gone. */
export function describeHolder(lockPath: string): string {
  const holder = readHolder(lockPath);
  return holder === null || !isAlive(holder.pid) ? "another process" : `pid ${holder.pid} (${holder.command})`;
}

function holderPath(lockPath: string): string {
  return `${lockPath}.holder`;
}

function readHolder(lockPath: string): LockHolder | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(holderPath(lockPath), "utf8"));
    return isHolder(holder) ? { pid: holder.pid, command: holder.command } : null;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) !== undefined) return null;
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
