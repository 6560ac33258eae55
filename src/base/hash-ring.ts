import type { HashAlgorithm, Hashes } from "./hashes.ts";

/** How large a piece of a stream may be that is hashed on another thread, in bytes. */
export const PIECE_BYTES = 256 * 1024;
/** How many pieces may wait there. While a thread starts, so much of a stream is taken. */
const PIECES = 4;
/** How many streams the thread hashes at a time. */
export const MAX_STREAMS = 16;
/** Long enough for every hash, in hex, with its name. */
const RESULT_BYTES = 1024;

/** Whatever is not the length of a piece: the stream has ended, and its hashes are wanted. */
const END = -1;
/** The numbers that say what a piece is: its stream, its length, and which hashes begin with it. */
const FIELDS = 3;
const [STREAM, LENGTH, BEGUN] = [0, 1, 2];
/** Before those of the pieces: how many were handed over, how many are done with. */
const COUNTERS = 2;
const [GIVEN, DONE] = [0, 1];

/** In an order that both threads know: a set of them is a number with a bit for each. */
const ALGORITHMS: readonly HashAlgorithm[] = ["sha256", "sha512", "blake3", "blake2b512"];

/** The memory that both threads share. */
export interface RingMemory {
  readonly numbers: SharedArrayBuffer;
  readonly pieces: SharedArrayBuffer;
  readonly results: SharedArrayBuffer;
}

/** One thing that the hashing thread is told. */
export interface RingEntry {
  /** Which of the streams, below MAX_STREAMS. */
  readonly stream: number;
  /** What hashes begin with this piece; empty: it goes on. */
  readonly begun: readonly HashAlgorithm[];
  /** Null: the stream has ended. */
  readonly bytes: Uint8Array | null;
}

/** Memory for a ring. */
export function ringMemory(): RingMemory {
  return {
    numbers: new SharedArrayBuffer((COUNTERS + PIECES * FIELDS) * Int32Array.BYTES_PER_ELEMENT),
    pieces: new SharedArrayBuffer(PIECES * PIECE_BYTES),
    results: new SharedArrayBuffer(MAX_STREAMS * RESULT_BYTES),
  };
}

/**
 * Pieces on their way from the thread that receives them to the one that hashes them, in order, whichever streams they belong
 * to. One thread gives, the other takes; neither writes what the other one may be reading.
 */
export class HashRing {
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #pieces: Buffer;
  readonly #results: Buffer;

  constructor({ numbers, pieces, results }: RingMemory) {
    this.#numbers = new Int32Array(numbers);
    this.#pieces = Buffer.from(pieces);
    this.#results = Buffer.from(results);
  }

  /** How many entries were handed over. */
  get given(): number {
    return Atomics.load(this.#numbers, GIVEN);
  }

  /** How many of them the other thread is done with. */
  get done(): number {
    return Atomics.load(this.#numbers, DONE);
  }

  /** Whether another entry fits when so many are done with. */
  hasRoom(done: number): boolean {
    return this.given - done < PIECES;
  }

  /** Hands an entry over, for which there must be room. @returns its number */
  give({ stream, begun, bytes }: RingEntry): number {
    const number = this.given;
    const at = fieldsOf(number);
    this.#numbers[at + STREAM] = stream;
    this.#numbers[at + BEGUN] = bitsOf(begun);
    this.#numbers[at + LENGTH] = bytes?.byteLength ?? END;
    if (bytes !== null) this.#pieces.set(bytes, pieceOf(number));
    Atomics.store(this.#numbers, GIVEN, number + 1);
    Atomics.notify(this.#numbers, GIVEN);
    return number;
  }

  /** The entry of that number, which nobody is done with: its bytes are those of the ring. */
  entry(number: number): RingEntry {
    const at = fieldsOf(number);
    const [stream = 0, length = END, begun = 0] = this.#numbers.subarray(at, at + FIELDS);
    const start = pieceOf(number);
    const bytes = length === END ? null : this.#pieces.subarray(start, start + length);
    return { stream, begun: ALGORITHMS.filter((_, bit) => (begun & (1 << bit)) !== 0), bytes };
  }

  /** Waits on this thread, which does nothing else, until an entry of that number is there. */
  awaitGiven(number: number): void {
    while (this.given === number) Atomics.wait(this.#numbers, GIVEN, number);
  }

  /** Waits, while this thread does other things, until another entry is done with than the first `done`, or it is told to wake. */
  async afterDone(done: number): Promise<void> {
    const { value } = Atomics.waitAsync(this.#numbers, DONE, done);
    await value;
  }

  /** Says that the oldest entry is done with. */
  finish(): void {
    Atomics.add(this.#numbers, DONE, 1);
    this.wake();
  }

  /** Wakes whoever waits for an entry to be done with. */
  wake(): void {
    Atomics.notify(this.#numbers, DONE);
  }

  /** To be written before the entry is finished that asks for it. */
  writeHashes(stream: number, hashes: Hashes): void {
    const text = Object.entries(hashes).map(([algorithm, hex]) => `${algorithm}=${hex}`);
    const start = stream * RESULT_BYTES;
    const end = start + this.#results.write(text.join(" "), start, RESULT_BYTES, "latin1");
    this.#results.fill(" ", end, start + RESULT_BYTES);
  }

  readHashes(stream: number): Hashes {
    const text = this.#results.toString("latin1", stream * RESULT_BYTES, (stream + 1) * RESULT_BYTES);
    return Object.fromEntries(
      text
        .trimEnd()
        .split(" ")
        .map((word) => word.split("=")),
    );
  }
}

function fieldsOf(number: number): number {
  return COUNTERS + (number % PIECES) * FIELDS;
}

function pieceOf(number: number): number {
  return (number % PIECES) * PIECE_BYTES;
}

function bitsOf(algorithms: readonly HashAlgorithm[]): number {
  return algorithms.reduce((bits, algorithm) => bits | (1 << ALGORITHMS.indexOf(algorithm)), 0);
}
