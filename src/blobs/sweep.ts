import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { systemCode } from "../errors.ts";
import { removeFile } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";

/**
 * Removes blobs that are not in `keep`, and partial files, if they have not been touched for 7 days: another process
 * may have fetched a blob without placing it yet, or may resume a partial file.
 *
 * @returns the bytes freed
 */
export function sweep(root: string, keep: ReadonlySet<Digest>, nowMs: number): number {
  const blobs = ["sha256", "sha512"].flatMap((algorithm) =>
    list(join(root, algorithm))
      .filter((hex) => isUnwanted(`${algorithm}:${hex}`, keep))
      .map((hex) => join(root, algorithm, hex)),
  );
  const partials = list(join(root, "partial")).map((name) => join(root, "partial", name));
  return [...blobs, ...partials].reduce((freed, path) => freed + removeStale(path, nowMs), 0);
}

/** A file whose name is not a digest is not ours to remove. */
function isUnwanted(name: string, keep: ReadonlySet<Digest>): boolean {
  return isDigest(name) && !keep.has(name);
}

function removeStale(path: string, nowMs: number): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  // A directory was put there by somebody else.
  if (stats === undefined || stats.isDirectory() || nowMs - stats.mtimeMs < PARTIAL_LIFE_MS) return 0;
  removeFile(path);
  // None if a package still has a hard link to the file.
  return stats.nlink > 1 ? 0 : stats.size;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `list "${directory}"`);
  }
}
