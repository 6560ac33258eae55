import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync, streamFile } from "../fs/read-file.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import {
  type FetchedIndex,
  type FetchIndexRequest,
  type IndexReader,
  missingSignatures,
  signaturesTooLarge,
  signedNames,
} from "./fetched-index.ts";
import { MAX_DOWNLOAD_BYTES, storeDownload } from "./index-download.ts";

/** Fetches an index from the file or directory at `path`. Its size and modification time serve as an ETag. */
export async function fetchIndexFile(
  { signal }: Pick<IndexReader, "signal">,
  { known, task, beside, onProgress, files, maxBytes }: FetchIndexRequest,
  path: string,
): Promise<FetchedIndex | null> {
  const name = files?.find((candidate) => existsSync(join(path, candidate)));
  const file = files === undefined ? indexFileIn(path) : name === undefined ? null : join(path, name);
  if (file === null) throw missing(task, path, files);
  try {
    const { size, mtimeNs } = statSync(file, { bigint: true });
    const etag = `"${size}-${mtimeNs}"`;
    if (known?.etag === etag && known.file === name) return null;
    const totalBytes = Number(size);
    const download = await storeDownload(beside, streamFile(file, { signal, pieceBytes: PIECE_BYTES }), {
      ...{ etag, lastModified: null, declaredBytes: totalBytes, maxBytes: maxBytes ?? MAX_DOWNLOAD_BYTES },
      onProgress: (bytes) => onProgress(bytes, totalBytes),
    });
    const signatures = async () => readSignatures(`${file}.sig`, task);
    const fetched = { download, signatures, fileNames: signedNames(basename(file)), isOneMoment: false };
    return name === undefined ? fetched : { ...fetched, file: name };
  } catch (error) {
    throw error instanceof PkgError ? error : fileSystemError(error, `read "${file}"`);
  }
}

/** How much is copied at a time. */
const PIECE_BYTES = 1024 * 1024;

/** The path of the index at `path`, which may be the directory it is in; null if there is none. */
export function indexFileIn(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return stats === undefined ? null : path;
  return INDEX_FILE_NAMES.map((name) => join(path, name)).find((file) => existsSync(file)) ?? null;
}

function missing(task: string, path: string, files: readonly string[] | undefined): PkgError {
  const found = existsSync(path)
    ? `"${path}" has neither ${(files ?? INDEX_FILE_NAMES).join(" nor ")}`
    : `there is no such file or directory: "${path}"`;
  return new PkgError("INDEX_MISSING", `Cannot ${task}: ${found}`, {
    hint:
      files === undefined
        ? "Name the directory that `pkg index build` wrote, an address, or a reference such as ghcr.io/owner/index"
        : "Name the directory, or the address, below which one of these is",
  });
}

function readSignatures(path: string, task: string): Buffer {
  try {
    const tooLarge = (bytes: number) => signaturesTooLarge(task, bytes);
    return readLocalFileSync(path, { maxBytes: MAX_SIGNATURE_LIST_BYTES, tooLarge });
  } catch (error) {
    if (error instanceof PkgError) throw error;
    throw systemCode(error) === "ENOENT" ? missingSignatures(task, error) : fileSystemError(error, `read "${path}"`);
  }
}
