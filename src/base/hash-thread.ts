import { availableParallelism } from "node:os";
import { isMainThread, type Worker } from "node:worker_threads";
import { HashRing, MAX_STREAMS, PIECE_BYTES, type RingEntry, type RingMemory, ringMemory } from "./hash-ring.ts";
import {
  createMultiHash,
  type HashAlgorithm,
  type Hashes,
  HashThreadLost,
  type MultiHash,
  type StreamHash,
} from "./hashes.ts";
import { startWorker as startProgramWorker } from "./thread.ts";

/** Starts hashing a stream on the one other thread, to which copies of its chunks go; null: there is but one processor, no thread, or too much on it. */
export function beginThreadHash(algorithms: readonly HashAlgorithm[]): StreamHash | null {
  if (!isMainThread || availableParallelism() < 2) return null;
  try {
    thread ??= new HashThread();
  } catch {
    // The system gives no thread.
    return null;
  }
  return thread.begin(algorithms);
}

/** Ends the thread, as the system may; the next stream starts another one. */
export async function endHashThread(): Promise<void> {
  const ended = thread;
  thread = null;
  await ended?.end();
}

let thread: HashThread | null = null;

/** One for all streams of this process: beside the one that receives, there is seldom a processor for more. */
export class HashThread {
  readonly ring: HashRing;
  readonly #worker: Worker;
  readonly #free = Array.from({ length: MAX_STREAMS }, (_, index) => index);
  #waiting = 0;
  /** Null: it runs. */
  #lost: HashThreadLost | null = null;

  constructor(start = startWorker) {
    const memory = ringMemory();
    this.ring = new HashRing(memory);
    this.#worker = start(memory);
    this.#worker.on("error", (cause) => this.#lose(cause)).on("exit", () => this.#lose(null));
    this.#worker.unref();
  }

  /** Starts a stream; null: there are too many, or the thread has ended. */
  begin(algorithms: readonly HashAlgorithm[]): StreamHash | null {
    const stream = this.#lost === null ? this.#free.pop() : undefined;
    return stream === undefined ? null : new ThreadStream(this, stream, algorithms);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  giveBack(stream: number): void {
    this.#free.push(stream);
  }

  /** Hands an entry over as soon as there is room for it. @returns its number @throws {HashThreadLost} */
  async give(entry: RingEntry): Promise<number> {
    for (let done = this.ring.done; !this.ring.hasRoom(done); done = this.ring.done) await this.#afterDone(done);
    if (this.#lost !== null) throw this.#lost;
    // At once: others wait for the same room.
    return this.ring.give(entry);
  }

  /** Waits until the entry of that number is done with. @throws {HashThreadLost} */
  async done(number: number): Promise<void> {
    for (let done = this.ring.done; done <= number; done = this.ring.done) await this.#afterDone(done);
  }

  /** Waits until more is done with than what was when somebody looked: looking again here could miss the last of it. */
  async #afterDone(done: number): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    // Only what somebody waits for keeps the process alive.
    if (this.#waiting++ === 0) this.#worker.ref();
    await this.ring.afterDone(done);
    if (--this.#waiting === 0) this.#worker.unref();
  }

  #lose(cause: unknown): void {
    this.#lost ??= new HashThreadLost(cause);
    this.ring.wake();
  }
}

function startWorker(memory: RingMemory): Worker {
  // No limits of memory: V8 ends the process, not the thread, where it needs more while it starts one.
  return startProgramWorker(new URL("./hash-worker.ts", import.meta.url), { workerData: memory });
}

class ThreadStream implements StreamHash {
  readonly #thread: HashThread;
  readonly #stream: number;
  readonly #algorithms: readonly HashAlgorithm[];
  /** The number of its first entry; null: there is none. */
  #first: number | null = null;
  /** What hashes it when the thread did not even begin with it. */
  #instead: MultiHash | null = null;
  #isOpen = true;

  constructor(owner: HashThread, stream: number, algorithms: readonly HashAlgorithm[]) {
    this.#thread = owner;
    this.#stream = stream;
    this.#algorithms = algorithms;
  }

  async update(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.byteLength; start += PIECE_BYTES)
      await this.#updatePiece(chunk.subarray(start, start + PIECE_BYTES));
  }

  async #updatePiece(piece: Uint8Array): Promise<void> {
    try {
      if (this.#instead === null) await this.#give(piece);
    } catch (error) {
      this.#instead = this.#begunAgain(error);
    }
    this.#instead?.update(piece);
  }

  async digest(): Promise<Hashes> {
    try {
      return this.#instead?.digest() ?? (await this.#threadDigest());
    } catch (error) {
      return this.#begunAgain(error).digest();
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#isOpen) this.#thread.giveBack(this.#stream);
    this.#isOpen = false;
  }

  async #threadDigest(): Promise<Hashes> {
    await this.#thread.done(await this.#give(null));
    return this.#thread.ring.readHashes(this.#stream);
  }

  async #give(bytes: Uint8Array | null): Promise<number> {
    const begun = this.#first === null ? this.#algorithms : [];
    const number = await this.#thread.give({ stream: this.#stream, begun, bytes });
    this.#first ??= number;
    return number;
  }

  /** A thread that could not start leaves everything in the ring that it was given. @throws `error` if it did begin */
  #begunAgain(error: unknown): MultiHash {
    const { ring } = this.#thread;
    const first = this.#first ?? ring.given;
    if (ring.done > first) throw error;
    const hash = createMultiHash(this.#algorithms);
    for (let number = first; number < ring.given; number++) {
      const { stream, bytes } = ring.entry(number);
      if (stream === this.#stream && bytes !== null) hash.update(bytes);
    }
    return hash;
  }
}
