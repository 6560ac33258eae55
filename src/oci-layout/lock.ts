import { link, lstat, lutimes, rename, rm } from "node:fs/promises";
import { hasEnded, uniqueOwner } from "../base/process-alive.ts";
import { sleep } from "../base/retry.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileWith } from "../fs/new-file.ts";
import { randomName } from "../fs/random-name.ts";
import { readLocalFile } from "../fs/read-file.ts";

/** The owner touches its lock regularly: one this old is abandoned, even if its owner was on another machine. */
const STALE_AFTER_MS = 60_000;
const MAX_WAIT_MS = 90_000;
const MAX_PAUSE_MS = 40;
const MAX_OWNER_BYTES = 1024;

/**
 * Runs `work` while holding a lock shared by all processes: a file that is created exclusively and holds its owner's
 * name. The lock of a process that has ended is removed.
 *
 * @throws {PkgError} LOCKED, INTERRUPTED, PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export async function withLockFile<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const name = uniqueOwner();
  await acquire(path, name, signal);
  const alive = setInterval(() => void touch(path), STALE_AFTER_MS / 6).unref();
  try {
    return await work();
  } finally {
    clearInterval(alive);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, name: string, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + MAX_WAIT_MS;
  while (!(await tryCreate(path, name))) {
    if (performance.now() > endMs) {
      throw new PkgError("LOCKED", `Cannot change the OCI layout: another process holds "${path}"`, {
        hint: "Try again later; if no other process is writing to the layout, remove the file",
      });
    }
    if (!(await removeStale(path))) await sleep(1 + Math.random() * MAX_PAUSE_MS, signal);
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  // A lost lock is noticed at the next edit.
  await lutimes(path, now, now).catch(() => {});
}

async function tryCreate(path: string, name: string): Promise<boolean> {
  try {
    createFileWith(path, name, { mode: 0o644 });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw fileSystemError(error, `write "${path}"`);
  }
}

/**
 * Removes an abandoned lock; true if it is gone. Of several processes that try, only one can rename it; a fresh lock
 * renamed by mistake is put back.
 */
async function removeStale(path: string): Promise<boolean> {
  const owner = await staleOwner(path);
  if (owner === null) return false;
  const moved = `${path}.${randomName()}`;
  try {
    await rename(path, moved);
    if ((await readOwner(moved)) !== owner) await link(moved, path);
    await rm(moved, { force: true });
    return true;
  } catch (error) {
    if (["ENOENT", "EEXIST"].includes(systemCode(error) ?? "")) return true;
    throw fileSystemError(error, `remove "${path}"`);
  }
}

/** The content of a lock whose owner has ended; null if the lock is held or gone. */
async function staleOwner(path: string): Promise<string | null> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) throw notALock(path);
    const { mtimeMs } = stats;
    const owner = await readOwner(path);
    const isOld = Math.abs(Date.now() - mtimeMs) > STALE_AFTER_MS;
    return isOld || isDead(owner) ? owner : null;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** Nobody who holds the lock leaves anything but a file there, so waiting for it would be in vain. */
function notALock(path: string): PkgError {
  return new PkgError("FILE_SYSTEM", `Cannot change the OCI layout: "${path}" is not a plain file, expected a lock`, {
    hint: "Look at what is there, and remove it",
  });
}

async function readOwner(path: string): Promise<string> {
  return (await readLocalFile(path, { maxBytes: MAX_OWNER_BYTES })).toString("utf8");
}

function isDead(owner: string): boolean {
  const [machine = "", pid = ""] = owner.split("-");
  return /^[0-9]{1,10}$/.test(pid) && hasEnded(machine, pid);
}
