import { type FileHandle, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { renameToNew } from "./atomic.ts";
import { syncDirectory } from "./directories.ts";
import { draftPath } from "./draft-path.ts";
import { fileSystemError } from "./errors.ts";
import { lessUmask } from "./modes.ts";
import { createFile } from "./new-file.ts";

/** Chunks are written together until there are this many bytes: a system call costs more than smaller writes save. */
const BATCH_BYTES = 1024 * 1024;
/** The most that one writev takes on Linux (IOV_MAX). */
const MAX_BATCH_CHUNKS = 1024;

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Writes a stream to a file that appears complete and durable, or not at all. The stream must not reuse its chunks: they
 * are written while it is read further.
 *
 * @param mode permission bits, less the umask
 * @param existing what becomes of a file, or a link, that has the name already; `refuse`: EEXIST, as FILE_SYSTEM
 * @returns bytes written
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and whatever the stream throws
 */
export async function writeStreamAtomic(
  path: string,
  source: Chunks,
  mode = 0o644,
  existing: "replace" | "refuse" = "replace",
): Promise<number> {
  const draft = draftPath(path);
  try {
    const size = await writeDraft(draft, source, mode);
    if (existing === "replace") await rename(draft, path);
    else renameToNew(draft, path);
    syncDirectory(dirname(path));
    return size;
  } catch (error) {
    await rm(draft, { force: true });
    throw fileSystemError(error, `write "${path}"`);
  }
}

async function writeDraft(draft: string, source: Chunks, mode: number): Promise<number> {
  const file = await createFile(draft);
  try {
    const size = await writeAll(file, source);
    await file.chmod(lessUmask(mode));
    await file.sync();
    return size;
  } finally {
    await file.close();
  }
}

/** One batch is written while the next one is read. */
async function writeAll(file: FileHandle, source: Chunks): Promise<number> {
  let written: Promise<void> = Promise.resolve();
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  let size = 0;
  const flush = async () => {
    await written;
    written = writeBatch(file, batch, batchBytes);
    // Awaited before the next batch or at the end; until then, a failure must not count as unhandled.
    written.catch(() => {});
    size += batchBytes;
    [batch, batchBytes] = [[], 0];
  };
  for await (const chunk of source) {
    batch.push(chunk);
    batchBytes += chunk.byteLength;
    if (batchBytes >= BATCH_BYTES || batch.length === MAX_BATCH_CHUNKS) await flush();
  }
  await flush();
  await written;
  return size;
}

async function writeBatch(file: FileHandle, batch: readonly Uint8Array[], bytes: number): Promise<void> {
  if (bytes === 0) return;
  let { bytesWritten: done } = await file.writev([...batch]);
  if (done === bytes) return;
  // A disk that fills up accepts part of a batch, and reports the error only at the next write.
  const whole = Buffer.concat(batch);
  while (done < bytes) done += (await file.write(whole, done)).bytesWritten;
}
