import type { BigIntStats } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import type { HashAlgorithm, Hashes } from "../base/hashes.ts";
import { uninterrupted } from "../base/retry.ts";
import { hashContent } from "../base/stream-hash.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";
import { readPieces } from "../fs/read-pieces.ts";
import type { BlobUpload } from "./content.ts";
import { type Digest, type DigestAlgorithm, parseDigest } from "./digest.ts";
import { PROGRAM_MAGIC_BYTES } from "./pack-annotations.ts";

/** A hashed file that can be read again as long as it does not change. */
export interface UnchangedFile extends Omit<UnchangedHashes, "hashes"> {
  readonly digest: Digest;
}

/** An unchanged file with all the hashes that were requested. */
export interface UnchangedHashes {
  readonly hashes: Hashes;
  /** Bytes. */
  readonly size: number;
  /** Its first few bytes. */
  readonly start: Uint8Array;
  /** Reads the file again. @throws {PkgError} STATE_CHANGED if it has changed, before or during the read */
  readonly open: BlobUpload["open"];
}

/**
 * Hashes a file that will be read again later.
 *
 * @throws {PkgError} STATE_CHANGED if it changes during that; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function hashUnchanged(path: string, algorithm: DigestAlgorithm = "sha256"): Promise<UnchangedFile> {
  const { hashes, ...file } = await hashUnchangedWith(path, [algorithm]);
  return { ...file, digest: parseDigest(`${algorithm}:${hashes[algorithm]}`) };
}

/** As hashUnchanged(), with several algorithms in one pass. @throws {PkgError} as hashUnchanged */
export async function hashUnchangedWith(path: string, algorithms: readonly HashAlgorithm[]): Promise<UnchangedHashes> {
  const file = await openFile(path);
  try {
    const before = await file.stat({ bigint: true });
    const { hashes, size, start } = await hash({ file, path, bytes: Number(before.size) }, algorithms);
    const after = await stat(path, { bigint: true });
    if (isOther(before, after) || BigInt(size) !== before.size) throw changed(path);
    return { hashes, size, start, open: async (offset) => readAgain(path, offset, before) };
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  } finally {
    await file.close();
  }
}

async function* readAgain(path: string, offset: number, hashed: BigIntStats): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  try {
    if (isOther(hashed, await file.stat({ bigint: true }))) throw changed(path);
    let left = Number(hashed.size) - offset;
    for await (const piece of readPieces(file, path, uninterrupted(), offset)) {
      left -= piece.byteLength;
      // Checked before the last bytes are passed on, without which no receiver accepts the content as complete.
      if (left < 0 || (left === 0 && isOther(hashed, await file.stat({ bigint: true })))) throw changed(path);
      yield piece;
    }
    if (left > 0) throw changed(path);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  } finally {
    await file.close();
  }
}

async function hash(
  { file, path, bytes }: { readonly file: FileHandle; readonly path: string; readonly bytes: number },
  algorithms: readonly HashAlgorithm[],
): Promise<Omit<UnchangedHashes, "open">> {
  let size = 0;
  let start: Uint8Array = Buffer.alloc(0);
  async function* read(): AsyncGenerator<Uint8Array> {
    size = 0;
    for await (const piece of readPieces(file, path, uninterrupted())) {
      if (size === 0) start = Buffer.from(piece.subarray(0, PROGRAM_MAGIC_BYTES));
      size += piece.byteLength;
      yield piece;
    }
  }
  return { hashes: await hashContent({ bytes, read }, algorithms), size, start };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await openForReading(path);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** The change time reveals every write, even one that resets the modification time. */
function isOther(before: BigIntStats, after: BigIntStats): boolean {
  return (
    before.dev !== after.dev ||
    before.ino !== after.ino ||
    before.size !== after.size ||
    before.mtimeNs !== after.mtimeNs ||
    before.ctimeNs !== after.ctimeNs
  );
}

function changed(path: string): PkgError {
  return new PkgError("STATE_CHANGED", `Cannot push "${path}": it changed while it was read`, {
    hint: "Run the command again when nothing is writing to it",
  });
}
