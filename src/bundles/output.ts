import { existsSync, readdirSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { keepsPartial, PkgError } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { checkOutput, refuseSpecialOutput } from "../fs/output-file.ts";
import type { Target } from "../oci/content.ts";
import type { LayoutLocation } from "../oci/location.ts";
import { openLayoutArchive } from "../oci-layout/archive-layout.ts";
import { openLayout } from "../oci-layout/layout.ts";

export interface BundleOutput {
  readonly location: LayoutLocation;
  readonly force: boolean;
  /** What is to be in it, as text: an interrupted run is resumed by one that wants the same. */
  readonly plan: string;
}

/** Refuses what may not be replaced. @throws {PkgError} PATH_CONFLICT, PERMISSION_DENIED, FILE_SYSTEM */
export function checkBundleOutput({ location: { kind, path }, force }: Omit<BundleOutput, "plan">): void {
  if (kind === "archive") checkOutput({ path, force });
  else if (existsSync(path) && !isEmptyDirectory(path)) throw notEmpty(path);
}

function isEmptyDirectory(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    throw fileSystemError(error, `read directory "${path}"`);
  }
}

function notEmpty(path: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot write "${path}": it is a directory that is not empty`, {
    hint: "Name another directory, or remove it first",
  });
}

/**
 * Writes a bundle beside its place, and moves it there once it is whole. What was fetched by a run that was interrupted is
 * taken over.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; what `write` throws
 */
export async function writeBundleOutput<T>(
  { location: { kind, path }, plan }: BundleOutput,
  signal: AbortSignal,
  write: (target: Target) => Promise<T>,
): Promise<T> {
  const draft = join(
    dirname(path),
    `.${basename(path).slice(0, 150)}.${hashHex("sha256", Buffer.from(plan)).slice(0, 12)}.part`,
  );
  const archive = kind === "archive" ? openLayoutArchive(draft) : null;
  try {
    const result = await write(archive ?? openLayout(draft));
    await archive?.commit(signal);
    refuseSpecialOutput(path);
    await moveTo(path, draft);
    return result;
  } catch (error) {
    const keep = keepsPartial(error);
    await archive?.close({ keep });
    if (archive === null && !keep) removeTree(draft);
    throw error;
  }
}

async function moveTo(path: string, draft: string): Promise<void> {
  try {
    await rename(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}
