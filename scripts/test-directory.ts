/**
 * Where the tests keep their files: in memory if this machine has plenty, since they sync many thousands of files, and most of the
 * time of the gate would be spent waiting for a disk. What is durable is shown by the order of the calls, not by the disk.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";
/** What the tests need at once, several times over: some move blobs of 2 GB. */
const NEEDED_BYTES = 10 * 2 ** 30;

/** Makes an empty directory for the tests; the caller removes it. */
export function makeTestDirectory(): string {
  if (hasRoomInMemory()) {
    const directory = mkdtempSync(join(IN_MEMORY, "pkg-tests-"));
    // As that of any temporary directory: tests become other users.
    chmodSync(directory, 0o755);
    if (canRunPrograms(directory)) return directory;
    rmSync(directory, { recursive: true });
  }
  return mkdtempSync(join(tmpdir(), "pkg-tests-"));
}

function hasRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= NEEDED_BYTES && freemem() >= NEEDED_BYTES;
  } catch {
    return false;
  }
}

/** In containers it is often mounted without. */
function canRunPrograms(directory: string): boolean {
  const path = join(directory, "program");
  writeFileSync(path, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  const { status } = spawnSync(path);
  rmSync(path);
  return status === 0;
}
