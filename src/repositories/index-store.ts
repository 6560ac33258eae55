import { rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Hashes } from "../base/hashes.ts";
import type { RetrySettings } from "../base/retry.ts";
import { type BlobStore, createBlobStore, type DeliveredFile } from "../blobs/blob-store.ts";
import { hasCode } from "../errors.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type DownloadedIndex, indexTooLarge, MAX_DOWNLOAD_BYTES } from "./index-download.ts";

/** Where and how an index is received. */
export interface IndexStoreRequest {
  /** The home's blob directory. */
  readonly blobs: string;
  /** A file whose directory is used if the blob directory cannot be written. */
  readonly beside: string;
  readonly retry: RetrySettings;
}

/** The store that receives indexes; its partial files let the next run resume what this one did not finish. */
export function indexStore({ blobs, beside, retry }: IndexStoreRequest): BlobStore {
  const { policy, random, sleep, onRetry } = retry;
  const told = onRetry === undefined ? {} : { onRetry };
  const storeIn = (root: string) => createBlobStore({ root, retry: policy, random, sleep, ...told });
  const home = storeIn(blobs);
  return home.isWritable() ? home : storeIn(dirname(beside));
}

/** The hashes of every transfer of an index. */
export const INDEX_HASHES = ["blake2b512"] as const;

/** An index that was received into a file. */
export type GatheredIndex = Pick<DownloadedIndex, "path" | "bytes" | "blake2b512" | "remove">;

/**
 * Receives an index through `gather`, and keeps its file until the caller removes it.
 *
 * @throws {PkgError} INDEX_TOO_LARGE; FILE_SYSTEM, PERMISSION_DENIED, and what `gather` throws
 */
export async function gatherIndex(
  gather: (
    place: (file: DeliveredFile) => Promise<void>,
  ) => Promise<{ readonly size: number; readonly hashes: Hashes }>,
  maxBytes: number = MAX_DOWNLOAD_BYTES,
): Promise<GatheredIndex> {
  let taken: DeliveredFile | null = null;
  try {
    const { size, hashes } = await gather(async (file) => {
      taken = file.isOurs ? { path: await moveAside(file.path), isOurs: true } : file;
    });
    return { ...fileOf(taken), bytes: size, blake2b512: async () => hashes.blake2b512 ?? "" };
  } catch (error) {
    if (taken !== null) fileOf(taken).remove();
    throw hasCode(error, "BODY_TOO_LARGE") ? indexTooLarge(maxBytes + 1, maxBytes, error) : error;
  }
}

function fileOf(file: DeliveredFile | null): Pick<GatheredIndex, "path" | "remove"> {
  if (file === null) throw new Error("an index was received and not placed");
  const { path, isOurs } = file;
  return { path, remove: () => (isOurs ? rmSync(path, { force: true }) : undefined) };
}

/** Keeps the file in the directory of partial files, where a later sweep removes it if this process is killed. */
async function moveAside(path: string): Promise<string> {
  const target = draftPath(join(dirname(path), "index"));
  try {
    await rename(path, target);
    return target;
  } catch (error) {
    throw fileSystemError(error, `rename "${path}"`);
  }
}
