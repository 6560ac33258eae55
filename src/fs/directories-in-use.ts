import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { systemCode } from "../errors.ts";

const FIRST_BYTES = 128 * 1024;
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
  // Bytes are searched as they are: hundreds of processes have megabytes of text, in whatever encoding.
  const sought = directories.map((directory) => ({ directory, bytes: Buffer.from(`${directory}/`) }));
  const look = (text: Buffer) => {
    for (const { directory, bytes } of sought) if (text.includes(bytes)) used.add(directory);
  };
  const read = fileReader();
  for (const pid of processes()) lookAt(`/proc/${pid}`, read, look);
  return used;
}

function processes(): readonly string[] {
  return orNone(() => readdirSync("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
}

function lookAt(directory: string, read: (path: string) => Buffer, look: (text: Buffer) => void): void {
  const program = leadsTo(`${directory}/exe`);
  // A thread of the kernel, or a process that has ended: there is nothing more of it.
  if (program === "nowhere") return;
  look(read(`${directory}/cmdline`));
  // Another user's: all else of it is closed, too.
  if (program === "unknown") return;
  look(program);
  for (const link of ["cwd", ...orNone(() => readdirSync(`${directory}/fd`)).map((name) => `fd/${name}`)]) {
    const open = leadsTo(`${directory}/${link}`);
    if (open instanceof Buffer) look(open);
  }
  for (const file of ["environ", "maps"]) look(read(`${directory}/${file}`));
}

/** The path that a link of a process leads to, with a "/" at its end, as a directory is sought. */
function leadsTo(link: string): Buffer | "nowhere" | "unknown" {
  try {
    return Buffer.from(`${readlinkSync(link)}/`);
  } catch (error) {
    return systemCode(error) === "ENOENT" ? "nowhere" : "unknown";
  }
}

/** Reads files of /proc, which have no size, each into the same memory; empty: the process may have ended, or be another user's. */
function fileReader(): (path: string) => Buffer {
  let memory = Buffer.allocUnsafe(FIRST_BYTES);
  return (path) => {
    let length = 0;
    try {
      const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        for (let count = 1; count > 0; length += count) {
          if (length === memory.length && length < MAX_PROC_BYTES) memory = Buffer.concat([memory], length * 2);
          count = readSync(file, memory, length, memory.length - length, null);
        }
      } finally {
        closeSync(file);
      }
    } catch {
      // What was read until then counts.
    }
    return memory.subarray(0, length);
  };
}

function orNone(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
