import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncDirectory } from "./atomic.ts";
import { fileSystemError } from "./errors.ts";

/**
 * Writes a stream to a file that appears whole and durable, or not at all; a file of that name is replaced.
 *
 * @returns bytes written
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and whatever the stream throws
 */
export async function writeStreamAtomic(
  path: string,
  source: AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<number> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.part`);
  try {
    const size = await writeDraft(draft, source, mode);
    await rename(draft, path);
    syncDirectory(dirname(path));
    return size;
  } catch (error) {
    await rm(draft, { force: true });
    throw fileSystemError(error, `write "${path}"`);
  }
}

async function writeDraft(draft: string, source: AsyncIterable<Uint8Array>, mode: number): Promise<number> {
  const file = await open(draft, "wx", 0o600);
  try {
    const size = await writeAll(file, source);
    // Exact, whatever the umask.
    await file.chmod(mode);
    await file.sync();
    return size;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, source: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of source) {
    for (let written = 0; written < chunk.byteLength; ) {
      const { bytesWritten } = await file.write(chunk, written, chunk.byteLength - written);
      written += bytesWritten;
    }
    size += chunk.byteLength;
  }
  return size;
}
