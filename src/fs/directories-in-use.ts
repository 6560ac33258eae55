import { readdirSync, readlinkSync } from "node:fs";
import { readLocalFileSync } from "./read-file.ts";

const MAX_PROC_BYTES = 16 * 1024 * 1024;

/**
 * Which of some directories a process of this machine runs something in, as far as may be seen: a program or a library of it, a file
 * that is open, its words, its current directory, or its search path. Where there is no /proc, none is known to be in use.
 *
 * @see proc_pid(5)
 */
export function directoriesInUse(directories: readonly string[]): ReadonlySet<string> {
  const used = new Set<string>();
  if (directories.length === 0) return used;
  for (const pid of processes()) {
    const seen = seenOf(pid);
    for (const directory of directories) if (seen.some((text) => text.includes(`${directory}/`))) used.add(directory);
  }
  return used;
}

function processes(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return [];
  }
}

function seenOf(pid: string): readonly string[] {
  const names = ["exe", "cwd", ...orNone(() => readdirSync(`/proc/${pid}/fd`)).map((name) => `fd/${name}`)];
  const links = names.map((name) => orNothing(() => `${readlinkSync(`/proc/${pid}/${name}`)}/`));
  const files = ["cmdline", "environ", "maps"].map((name) =>
    orNothing(() => readLocalFileSync(`/proc/${pid}/${name}`, { maxBytes: MAX_PROC_BYTES }).toString("latin1")),
  );
  return [...links, ...files];
}

/** It may have ended, or be another user's. */
function orNothing(read: () => string): string {
  return orNone(() => [read()])[0] ?? "";
}

function orNone(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
