import type { FileHandle } from "node:fs/promises";
import { PkgError } from "../errors.ts";

const PIECE_BYTES = 128 * 1024;

/** An open file's bytes from a position on, up to its end or `end`; each piece is the reader's to keep. The handle stays open. */
export async function* readFileFrom(
  handle: FileHandle,
  start: number,
  signal: AbortSignal,
  end: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; ) {
    if (signal.aborted) throw new PkgError("INTERRUPTED", "Cannot go on reading: the work was interrupted");
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, end - position));
    const { bytesRead } = await handle.read(piece, 0, piece.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
