/** How much of a bottle is sent to a thread at a time, in bytes. */
export const PIECE_BYTES = 256 * 1024;
/** How much memory waits to be used again, in pieces. */
const MAX_SPARES = 32;

const spares: ArrayBuffer[] = [];

/** Takes the memory of a piece that was read. New memory has to be cleared, and makes V8 collect garbage. */
export function giveBack(memory: ArrayBuffer): void {
  if (memory.byteLength === PIECE_BYTES && spares.length < MAX_SPARES) spares.push(memory);
}

function newPiece(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(spares.pop() ?? new ArrayBuffer(PIECE_BYTES));
}

/** The same bytes in pieces of PIECE_BYTES, the last one excepted, each in memory of its own, which can be given away. */
export async function* piecesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = newPiece();
  let filled = 0;
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const part = chunk.subarray(taken, taken + PIECE_BYTES - filled);
      piece.set(part, filled);
      filled += part.byteLength;
      taken += part.byteLength;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = newPiece();
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The pieces that have arrived on a thread, and were not read yet. */
export class Pieces {
  readonly #onRead: (spare: ArrayBuffer | null) => void;
  readonly #held: (Uint8Array<ArrayBuffer> | null)[] = [];
  #failure: Error | null = null;
  #wake: () => void = () => {};

  /** @param onRead called with the memory of each piece that was read; null for the last one, which may be looked at again */
  constructor(onRead: (spare: ArrayBuffer | null) => void) {
    this.#onRead = onRead;
  }

  /** @param piece null: there are no more */
  add(piece: Uint8Array<ArrayBuffer> | null): void {
    this.#held.push(piece);
    this.#wake();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  async *all(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      const piece = this.#held.shift();
      if (piece === null) return;
      if (piece === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      yield piece;
      this.#onRead(piece.byteLength === PIECE_BYTES ? piece.buffer : null);
    }
  }
}
