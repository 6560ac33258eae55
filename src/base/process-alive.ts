import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { systemCode } from "../errors.ts";

/** 8 hex digits of the host name's SHA-256: a process id identifies a process on one machine (or container) only. */
export function machineId(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** Linux gives out 22 bits at most, but `kill` takes any positive 32-bit number. */
const MAX_PID = 2 ** 31 - 1;

/** `<machine>-<pid>-<random>`: names this process as the owner of a file, in lower-case letters, digits and "-". */
export function uniqueOwner(): string {
  return `${machineId()}-${process.pid}-${randomBytes(8).toString("hex")}`;
}

/** True if the owner is a process of this machine that has ended; false for another machine, where this is unknown. */
export function hasEnded(machine: string, pid: string): boolean {
  return machine === machineId() && !isAlive(Number(pid));
}

/** True while a process with this id runs on this machine, whoever owns it. False for a number that cannot be an id. */
export function isAlive(pid: number): boolean {
  // `kill` gives 0 and negative numbers a meaning of their own: process groups.
  if (!Number.isInteger(pid) || pid < 1 || pid > MAX_PID) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}
