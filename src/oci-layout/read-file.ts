import type { FileHandle } from "node:fs/promises";
import { interruption } from "../base/interruption.ts";

const PIECE_BYTES = 128 * 1024;

/**
 * The bytes of an open file from `start` to `end`, or to the end of the file. Each piece has its own memory. The handle
 * stays open.
 *
 * @throws {PkgError} INTERRUPTED; and the system's own errors
 */
export async function* readFileFrom(
  handle: FileHandle,
  { start, end = Number.POSITIVE_INFINITY }: { readonly start: number; readonly end?: number },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; ) {
    if (signal.aborted) throw interruption(signal.reason);
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, end - position));
    const { bytesRead } = await handle.read(piece, 0, piece.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
