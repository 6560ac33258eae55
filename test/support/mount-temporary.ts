import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleanup } from "./temp-home.ts";

/** A new tmpfs that is gone after the test, or why this machine cannot have one. */
export function mountTemporary(t: Cleanup, options: string): { readonly path: string } | { readonly reason: string } {
  const path = mkdtempSync(join(tmpdir(), "pkg-mount-"));
  const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", `mode=0700,${options}`, "tmpfs", path], {
    encoding: "utf8",
  });
  t.after(() => {
    if (status === 0) spawnSync("umount", ["-l", path]);
    rmSync(path, { recursive: true, force: true });
  });
  return status === 0 ? { path } : { reason: `cannot mount here: ${error?.message ?? stderr}` };
}
