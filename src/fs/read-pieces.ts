import type { FileHandle } from "node:fs/promises";
import { interruption } from "../base/interruption.ts";
import { fileSystemError } from "./errors.ts";

/** Each piece costs a wait for a thread: pieces of 64 KiB took twice the processor time, larger ones no less than these. */
const PIECE_BYTES = 256 * 1024;
/** What the consumer still uses, what it has just been given, and what is read meanwhile. */
const BUFFERS = 3;

/**
 * Reads an open file, from its start or from an offset on, one piece ahead of the consumer. The memory of a piece is used
 * again: it stays valid until the one after the next is requested. All pieces but the last have the same length.
 *
 * @param start bytes to skip
 * @throws {PkgError} INTERRUPTED, FILE_SYSTEM
 */
export async function* readPieces(
  handle: FileHandle,
  path: string,
  signal: AbortSignal,
  start = 0,
): AsyncGenerator<Buffer> {
  // With thousands of small files, large buffers would be most of the work.
  const pieceBytes = Math.min(PIECE_BYTES, Math.max(0, (await sizeOf(handle, path)) - start) + 1);
  const buffers: Buffer[] = [];
  const bufferOf = (turn: number) => (buffers[turn % BUFFERS] ??= Buffer.allocUnsafeSlow(pieceBytes));
  let position = start;
  let ahead = readPiece(handle, { path, buffer: bufferOf(0), position });
  for (let turn = 1; ; turn++) {
    const piece = await ahead;
    if (piece.byteLength === 0) return;
    if (signal.aborted) throw interruption(signal.reason, `Cannot read "${path}": it was interrupted`);
    // It ends here: nothing is left to read ahead.
    if (piece.byteLength < pieceBytes) return yield piece;
    position += piece.byteLength;
    ahead = readPiece(handle, { path, buffer: bufferOf(turn), position });
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

/** Fills the buffer, unless the file ends before. */
async function readPiece(
  handle: FileHandle,
  { path, buffer, position }: { readonly path: string; readonly buffer: Buffer; readonly position: number },
): Promise<Buffer> {
  let filled = 0;
  try {
    while (filled < buffer.byteLength) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}
