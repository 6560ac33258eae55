import { dirname } from "node:path";
import { sleep } from "../base/retry.ts";
import { steadyClock } from "../base/steady-clock.ts";
import { PkgError } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import { isBusy } from "./database.ts";
import { announceHolder, describeHolder, withdrawHolder } from "./lock-holder.ts";
import { openSqlite, sqliteError } from "./open-sqlite.ts";

/** Which lock, and for whom. */
export interface TryLockOptions {
  /** An SQLite file of its own, without any content. */
  readonly path: string;
  /** What was typed; shown to others who wait. */
  readonly command: string;
  readonly pid: number;
  readonly signal: AbortSignal;
}

/** Which lock, for whom, and how long to wait. */
export interface LockOptions extends TryLockOptions {
  /** Called with the holder when the lock must be waited for, and again when the holder changes: `pid 123 (pkg sync)`. */
  readonly onWait: (holder: string) => void;
  /** How long one holder is waited for; default 10 minutes. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10 * 60 * 1000;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 200;

type Sqlite = ReturnType<typeof openSqlite>;

/**
 * Runs `work` while no other process holds the lock, waiting for it without blocking the event loop. The lock is the
 * write lock of an SQLite file in rollback mode (an `fcntl` lock), which the kernel releases when its holder dies.
 *
 * @throws {PkgError} LOCKED after `timeoutMs`, INTERRUPTED when the signal is aborted while waiting; PERMISSION_DENIED,
 * DISK_FULL, FILE_SYSTEM, DATABASE_INVALID when the file cannot be used; and whatever `work` throws
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T> | T): Promise<T> {
  return withConnection(options.path, async (sqlite) => {
    await waitForLock(sqlite, options);
    return runLocked(sqlite, options, work);
  });
}

/** Like `withLock`, but returns null at once when another process holds the lock. */
export async function tryLock<T>(options: TryLockOptions, work: () => Promise<T> | T): Promise<T | null> {
  return withConnection(options.path, async (sqlite) =>
    takeLock(sqlite, options.path) ? runLocked(sqlite, options, work) : null,
  );
}

async function withConnection<T>(path: string, work: (sqlite: Sqlite) => Promise<T>): Promise<T> {
  privateDirectory(dirname(path));
  const sqlite = connect(path);
  try {
    return await work(sqlite);
  } finally {
    sqlite.close();
  }
}

function connect(path: string): Sqlite {
  const sqlite = openSqlite(path);
  // SQLite would block the event loop while it waits.
  sqlite.pragma("busy_timeout = 0");
  return sqlite;
}

async function waitForLock(sqlite: Sqlite, options: LockOptions): Promise<void> {
  const { path, signal, onWait, timeoutMs = TIMEOUT_MS } = options;
  let deadline = steadyClock() + timeoutMs;
  let seen = describeHolder(path);
  let told: string | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; !takeLock(sqlite, path); pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const holder = describeHolder(path);
    // Others have their turns: that is progress.
    if (holder !== seen) deadline = steadyClock() + timeoutMs;
    seen = holder;
    if (steadyClock() >= deadline) throw timedOut(holder, timeoutMs);
    // A new holder writes its name a moment after it has got the lock.
    if (holder !== told && pauseMs > FIRST_PAUSE_MS) onWait(holder);
    if (pauseMs > FIRST_PAUSE_MS) told = holder;
    await sleep(pauseMs, signal);
  }
}

function takeLock(sqlite: Sqlite, path: string): boolean {
  try {
    sqlite.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw sqliteError(error, path);
  }
}

async function runLocked<T>(sqlite: Sqlite, options: TryLockOptions, work: () => Promise<T> | T): Promise<T> {
  announceHolder(options.path, options);
  try {
    return await work();
  } finally {
    withdrawHolder(options.path);
    sqlite.exec("ROLLBACK");
  }
}

function timedOut(holder: string, timeoutMs: number): PkgError {
  return new PkgError("LOCKED", `Cannot get the lock: ${holder} still holds it after ${timeoutMs / 1000} s`, {
    hint: "Wait for it to end, or end it, then run the command again",
  });
}
