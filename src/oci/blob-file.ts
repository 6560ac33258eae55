import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { splitStart } from "../archive/split-start.ts";
import { uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { type FetchOptions, ownChunks, type PushOptions, pushedDescriptor } from "./blob-bytes.ts";
import type { BlobAddress, Source, Target } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { fileMode, modeAnnotation, PROGRAM_MAGIC_BYTES } from "./pack-annotations.ts";
import { hashUnchanged } from "./unchanged-file.ts";

/** The descriptor fields of a file that is pushed, and how it is pushed. */
export interface PushFileOptions extends PushOptions {
  /** Default: the last part of the path; null: none. */
  readonly title?: string | null;
}

/** How fetchFile() reads a blob, and the permissions of the file. */
export interface FetchFileOptions extends FetchOptions {
  /**
   * Permissions, such as 0o644. Default: 0o755 for a program, by its annotation or else its content; 0o644 otherwise.
   */
  readonly mode?: number;
  /** What becomes of a file or link that has the name already. Default: it is replaced. */
  readonly existing?: "replace" | "refuse";
}

/**
 * Pushes a file as a blob, unless the target has it. The file is read twice, to hash it and to send it, in constant
 * memory. The descriptor is the same as from `pkg oci push`.
 *
 * @returns the descriptor for a manifest
 * @throws {PkgError} STATE_CHANGED if the file changes meanwhile; FILE_SYSTEM, PERMISSION_DENIED; those of
 * Target.pushBlob
 */
export async function pushFile(target: Target, path: string, options: PushFileOptions = {}): Promise<Descriptor> {
  const { title = basename(path), annotations = {}, signal = uninterrupted(), onProgress = () => {} } = options;
  const { mode } = await plainFile(path);
  const { digest, size, start, open } = await hashUnchanged(path);
  await target.pushBlob({ digest, size, open, mountFrom: null, onProgress }, signal);
  const ofFile = modeAnnotation((mode & 0o111) !== 0, start);
  return pushedDescriptor({ digest, size }, { ...options, title, annotations: { ...ofFile, ...annotations } });
}

/**
 * Writes a verified blob to a file atomically, replacing an existing one. The directory must exist, including
 * directories named in a title. Titles come from whoever made the artifact: layersByTitle() returns only those that are
 * safe to join to a directory.
 *
 * @returns bytes written
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; as verifiedBlob
 */
export async function fetchFile(
  source: Source,
  blob: BlobAddress & Partial<Pick<Descriptor, "annotations">>,
  path: string,
  { mode, existing, ...reading }: FetchFileOptions = {},
): Promise<number> {
  const { start, whole } = await splitStart(ownChunks(source, blob, reading), PROGRAM_MAGIC_BYTES);
  return writeStreamAtomic(path, whole, mode ?? fileMode({ annotations: blob.annotations ?? {} }, start), existing);
}

async function plainFile(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileSystemError(error, `push "${path}"`);
  });
  if (stats.isFile()) return stats;
  throw new PkgError("FILE_SYSTEM", `Cannot push "${path}": it is not a plain file`);
}
