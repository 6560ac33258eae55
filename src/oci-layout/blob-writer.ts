import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { BlobUpload } from "../oci/content.ts";
import { digestHex } from "../oci/digest.ts";
import { receiveBlob } from "../oci/receive-blob.ts";
import { partialPath } from "./partial.ts";

const FILE_MODE = 0o644;

/**
 * Writes a blob to `path` atomically, durably and verified. The partial file of an earlier writer is hashed and
 * resumed.
 *
 * @returns the number of bytes read from `blob`
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, INTERRUPTED, DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and
 * whatever the blob throws
 */
export async function writeLayoutBlob(path: string, blob: BlobUpload, signal: AbortSignal): Promise<number> {
  const { digest, size, open, onProgress } = blob;
  const received = await receiveBlob({
    ...{ digest, size, signal, hashes: [], maxBytes: size, what: `blob "${digest}"` },
    partial: partialPath(dirname(path), digestHex(digest)),
    mode: FILE_MODE,
    open: ({ offset }) => open(offset, signal),
    place: async (file) => {
      await rename(file, path).catch((error: unknown) => {
        throw fileSystemError(error, `write "${path}"`);
      });
      syncDirectory(dirname(path));
    },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return received.taken;
}
