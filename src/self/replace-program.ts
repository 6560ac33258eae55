import { spawnSync } from "node:child_process";
import { renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { PkgError } from "../errors.ts";
import { linkOrCopy, removeFile } from "../fs/atomic.ts";
import { syncDirectory } from "../fs/directories.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { copyToNew } from "../fs/new-file.ts";
import { previousProgram } from "./own-program.ts";

const MODE_BITS = 0o777;
const START_LIMIT_MS = 60_000;

/**
 * Puts a copy of `source` in the place of a program, by renames alone: whoever runs the program goes on, and there is no moment
 * without one. The program before is kept beside it.
 *
 * @returns the version that the new program says it is
 * @throws {PkgError} PACKAGE_UNINSTALLABLE when it does not start; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function replaceProgram(program: string, source: string): string {
  const [draft, old] = [draftPath(program, "new"), draftPath(program, "old")];
  try {
    const mode = statSync(program).mode & MODE_BITS;
    copyToNew(source, draft, mode);
    const version = versionOf(draft);
    linkOrCopy(program, old, mode);
    renameSync(old, previousProgram(program));
    renameSync(draft, program);
    syncDirectory(dirname(program));
    return version;
  } catch (error) {
    throw fileSystemError(error, `replace "${program}"`);
  } finally {
    for (const path of [draft, old]) removeFile(path);
  }
}

/** What a program says of its version. @throws {PkgError} PACKAGE_UNINSTALLABLE */
export function versionOf(program: string): string {
  const { status, stdout } = spawnSync(program, ["--version"], {
    encoding: "utf8",
    timeout: START_LIMIT_MS,
    env: { HOME: "/", PATH: "/usr/bin:/bin" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const version = /^(\d[\w.+-]{0,99})\n$/.exec(stdout ?? "")?.[1];
  if (status === 0 && version !== undefined) return version;
  throw new PkgError("PACKAGE_UNINSTALLABLE", "Cannot use the other pkg: it does not start on this machine", {
    hint: "The program in use was not changed; tell the publisher",
  });
}
