import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../errors.ts";
import { removeFile } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";

/** A file of the store that nothing needs. */
export interface UnneededFile {
  readonly kind: "blob" | "partial";
  /** Absolute. */
  readonly path: string;
  /** What its removal frees, in bytes: nothing where a package still has the file. */
  readonly freedBytes: number;
}

/** What is looked for. */
export interface UnneededRequest {
  readonly root: string;
  /** Blobs that are needed. */
  readonly keep: ReadonlySet<Digest>;
  /** Blobs that are known to be nobody's any more, however young they are. */
  readonly gone: ReadonlySet<Digest>;
  /** Ms since the epoch: what was touched later may be in use by another process, which fetches without the lock. */
  readonly untouchedSinceMs: number;
}

/** The blobs that are not needed, and partial files, but for what is young. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function unneededFiles({ root, keep, gone, untouchedSinceMs }: UnneededRequest): readonly UnneededFile[] {
  const isOld = (path: string) => (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < untouchedSinceMs;
  // Somebody else has put it there.
  const isFile = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
  const blobs = ["sha256", "sha512"].flatMap((algorithm) =>
    list(join(root, algorithm)).flatMap((hex) => {
      const digest = `${algorithm}:${hex}`;
      const path = join(root, algorithm, hex);
      return isDigest(digest) && !keep.has(digest) && (gone.has(digest) || isOld(path)) ? [path] : [];
    }),
  );
  const partials = list(join(root, "partial")).map((name) => join(root, "partial", name));
  return [
    ...blobs.filter(isFile).map((path) => ({ kind: "blob" as const, path, freedBytes: freedBy(path) })),
    ...partials
      .filter((path) => isFile(path) && isOld(path))
      .map((path) => ({ kind: "partial" as const, path, freedBytes: freedBy(path) })),
  ];
}

/** Removes these files. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function removeUnneeded(files: readonly UnneededFile[]): void {
  for (const { path } of files) removeFile(path);
}

function freedBy(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.nlink > 1 ? 0 : stats.size;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `list "${directory}"`);
  }
}
