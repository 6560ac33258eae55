import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { type PathShell, pathShell } from "./path-lines.ts";

/** The shell that started this process, else the one that `SHELL` names, else sh. @param shell the value of `SHELL` */
export function shellFound(shell: string | null): PathShell {
  return parentShell() ?? (shell === null ? null : pathShell(basename(shell))) ?? "sh";
}

/** What `sh` is says nothing: scripts are run by it, whatever a person types into. */
function parentShell(): PathShell | null {
  try {
    const name = pathShell(basename(readlinkSync(`/proc/${process.ppid}/exe`)));
    return name === "sh" ? null : name;
  } catch {
    return null;
  }
}
