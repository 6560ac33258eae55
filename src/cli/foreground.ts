import { readLocalFileSync } from "../fs/read-file.ts";

/**
 * Whether this process may draw on `stream`: false for its own terminal while it runs in the background of a shell. Where nobody
 * can tell, as on systems without /proc, true.
 */
export function mayDraw(stream: NodeJS.WritableStream): boolean {
  if (!("fd" in stream)) return true;
  try {
    return ownsTerminal(readLocalFileSync("/proc/self/stat").toString("latin1"));
  } catch {
    return true;
  }
}

/**
 * The same, from the text of a file /proc/PID/stat: its process group is that of the terminal, or there is no terminal that
 * controls it.
 *
 * @see proc_pid_stat(5): fields 5 (pgrp) and 8 (tpgid); the name in field 2 may hold blanks and parentheses
 */
export function ownsTerminal(stat: string): boolean {
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return group === undefined || foreground === undefined || Number(foreground) <= 0 || group === foreground;
}
