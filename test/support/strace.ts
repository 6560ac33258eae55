import { spawnSync } from "node:child_process";

/** Whether calls can be traced here: strace may be missing, or not be allowed to. */
export function canTrace(): boolean {
  return spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
}
