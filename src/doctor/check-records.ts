import { lstatSync, statSync } from "node:fs";
import { HOUR_MS } from "../base/duration.ts";
import { isAlive } from "../base/process-alive.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { removeFile, setAside } from "../fs/atomic.ts";
import { claimPrivateFile } from "../fs/private-file.ts";
import { readStartSync } from "../fs/read-start.ts";
import { namesIn } from "../profile/recover.ts";
import { tryLock, withLock } from "../state/lock.ts";
import { holderPath, isHeld, readHolder } from "../state/lock-holder.ts";
import { rescueDatabase } from "../state/rescue.ts";
import type { Found, Mend } from "./finding.ts";
import type { Patient } from "./patient.ts";

const OTHERS = 0o077;

/** The state database: whether it can be read, and holds together. */
export function checkDatabase(patient: Patient): readonly Found[] {
  const path = patient.cap.config.paths.stateDatabase;
  const problem = problemOf(patient);
  if (problem !== null) return [problem];
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || (stats.mode & OTHERS) === 0) return [];
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
  return [
    {
      code: "secret-readable",
      subject: path,
      message: `it records what is installed, and others may open it, or lock it (mode ${mode})`,
      cure: `Run \`chmod go-rwx ${path}\``,
      mend: { stage: "access", key: `mode ${path}`, apply: () => void claimPrivateFile(path) },
    },
  ];
}

function problemOf({ cap, records, unreadable }: Patient): Found | null {
  const subject = cap.config.paths.stateDatabase;
  if (unreadable !== null) return unreadableDatabase(subject, unreadable);
  if (records === null) return null;
  const { database } = records;
  const [first] = database.all<{ integrity_check: string }>("PRAGMA integrity_check(1)");
  if (first !== undefined && first.integrity_check !== "ok") return damaged(subject, first.integrity_check);
  const [loose] = database.all<{ table: string; parent: string }>("PRAGMA foreign_key_check");
  if (loose === undefined) return null;
  return damaged(subject, `what it says in ${loose.table} belongs to nothing in ${loose.parent}`);
}

function unreadableDatabase(subject: string, error: PkgError): Found {
  const { code, message, hint = "" } = error;
  if (code !== "DATABASE_INVALID") {
    return { code: "database-unreadable", subject, message, cure: hint, mend: null };
  }
  // Nothing is wrong with it, so it is not touched.
  if (/newer/i.test(hint)) return { code: "database-newer", subject, message, cure: hint, mend: null };
  return damaged(subject, message);
}

function damaged(subject: string, why: string): Found {
  return {
    code: "database-damaged",
    subject,
    message: `it is damaged: ${why}`,
    cure: "`pkg doctor --fix` moves it aside, saves what of it can still be read, and installs again what it has lost. Compare the keys of your repositories afterwards: `pkg repo trust NAME`",
    mend: { stage: "records", key: "database", apply: rescue },
  };
}

async function rescue(cap: Capabilities): Promise<void> {
  const { stateDatabase, lockDatabase } = cap.config.paths;
  const lock = { path: lockDatabase, command: "pkg doctor --fix", pid: process.pid, signal: cap.signal };
  const onWait = (holder: string) => cap.emit({ kind: "waiting-for-lock", holder });
  const { aside, rows } = await withLock({ ...lock, onWait }, () => rescueDatabase(stateDatabase));
  if (aside !== null)
    cap.emit({ kind: "note", message: `The damaged database is "${aside}" now; ${rows} rows of it were saved` });
}

/** The locks: a process that is gone, or has held one for hours, and what is none. */
export function checkLock({ cap }: Patient): readonly Found[] {
  const { lockDatabase: path, stateDatabase, blobs } = cap.config.paths;
  const broken = [
    ...[path, `${blobs}.lock`].filter(isBroken).map(brokenLock),
    // SQLite makes it anew, whatever is in it.
    ...[`${stateDatabase}-shm`].filter(isNoFile).map(brokenLock),
  ];
  const holder = readHolder(path);
  if (holder === null) return broken;
  const { pid, command } = holder;
  const since = statSync(holderPath(path), { throwIfNoEntry: false })?.mtimeMs ?? cap.now();
  const isRunning = isAlive(pid);
  if (isRunning && cap.now() - since < HOUR_MS) return broken;
  const state = isRunning ? "has held it for more than an hour" : "has ended, and is still named as its holder";
  return [
    ...broken,
    {
      code: "lock-left",
      subject: path,
      message: `process ${pid} (${command}) ${state}`,
      cure: isRunning ? `See what it does, then end it with \`kill ${pid}\`` : "`pkg doctor --fix` takes that back",
      mend: releaseLock(path, pid),
    },
  ];
}

function releaseLock(path: string, pid: number): Mend {
  return {
    stage: "records",
    key: "lock",
    apply: async ({ signal }) => {
      const lock = { path, command: "pkg doctor --fix", pid: process.pid, signal };
      // Whoever has the lock for a moment takes the note of the one before it away.
      if ((await tryLock(lock, () => true)) === null) {
        throw new PkgError("LOCKED", `Cannot release "${path}": process ${pid} holds it`, {
          hint: "Wait for it to end",
        });
      }
    },
  };
}

const SQLITE_MAGIC = "SQLite format 3\0";

function isNoFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** It has no content, so whatever has some is no lock. */
function isBroken(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isFile()) return true;
  const start = stats.size === 0 ? Buffer.alloc(0) : readStartSync(path, SQLITE_MAGIC.length);
  return start.length > 0 && start.toString("latin1") !== SQLITE_MAGIC;
}

function brokenLock(path: string): Found {
  return {
    code: "database-damaged",
    subject: path,
    message: "it is what processes lock, and is not a file that they can lock",
    cure: `Move it away while no other pkg runs: it is made again`,
    mend: { stage: "records", key: `broken ${path}`, apply: () => takeAway(path) },
  };
}

/** A directory has what somebody put into it. */
function takeAway(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) setAside(path);
  else removeFile(path);
}

/** Changes that were begun and have not ended, while no process is at it. */
export function checkInterrupted({ cap, records }: Patient): readonly Found[] {
  if (records === null || isHeld(cap.config.paths.lockDatabase)) return [];
  return records.journal.open().map(({ intent }): Found => {
    const names = [...new Set(namesIn(intent))].join(", ");
    return {
      code: "change-interrupted",
      subject: names,
      message: "a change of it was interrupted",
      cure: "The next command that changes something finishes or undoes it",
      mend: { stage: "records", key: "interrupted", apply: recover },
    };
  });
}

async function recover(cap: Capabilities): Promise<void> {
  const state = await cap.state();
  const recoveries = await state.withLock(() => state.profile.recover(cap.signal));
  const unfinished = recoveries.find((recovery) => recovery.unfinished !== undefined)?.unfinished;
  if (unfinished !== undefined) throw unfinished;
}
