import type { FileHandle } from "node:fs/promises";
import { interruption } from "../base/interruption.ts";
import { fileSystemError } from "./errors.ts";

const PIECE_BYTES = 256 * 1024;

/**
 * Reads an open file from its start, one piece ahead of the consumer.
 * A piece stays valid until the one after the next is requested.
 *
 * @throws {PkgError} INTERRUPTED, FILE_SYSTEM
 */
export async function* readPieces(handle: FileHandle, path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  // With thousands of small files, large buffers would be most of the work.
  const pieceBytes = Math.min(PIECE_BYTES, (await sizeOf(handle, path)) + 1);
  const buffers = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)] as const;
  let position = 0;
  let ahead = readPiece(handle, { path, buffer: buffers[0], position });
  for (let turn = 1; ; turn++) {
    const piece = await ahead;
    if (piece.byteLength === 0) return;
    if (signal.aborted) throw interruption(signal.reason, `Cannot read "${path}": it was interrupted`);
    position += piece.byteLength;
    ahead = readPiece(handle, { path, buffer: turn % 2 === 0 ? buffers[0] : buffers[1], position });
    // Awaited in the next turn; a consumer that stops early must not leave it unhandled.
    ahead.catch(() => {});
    yield piece;
  }
}

async function sizeOf(handle: FileHandle, path: string): Promise<number> {
  try {
    return (await handle.stat()).size;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function readPiece(
  handle: FileHandle,
  { path, buffer, position }: { readonly path: string; readonly buffer: Buffer; readonly position: number },
): Promise<Buffer> {
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, position);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}
