import { formatCount } from "../base/age.ts";
import { steadyClock } from "../base/steady-clock.ts";
import { PkgError } from "../errors.ts";
import { createChunkCollector } from "./collect-chunks.ts";
import { shownUrl } from "./failures.ts";
import type { ThroughputFloor } from "./throughput.ts";

/** Bytes held for a consumer that is slower than the network before the network is told to wait. */
const MAX_QUEUED_BYTES = 512 * 1024;

/** What a body may do to the connection it comes from. */
export interface BodyControl {
  pause(): void;
  resume(): void;
  /** Drops the connection (HTTP/1.1) or the stream (HTTP/2). */
  drop(reason: PkgError): void;
}

interface Waiter {
  readonly sinceMs: number;
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: PkgError) => void;
}

/**
 * The bytes of one answer between the network, which pushes, and one consumer, which pulls. Chunks are handed on as
 * the socket gave them: a stream's own async iterator would join, and so copy, whatever has queued up.
 */
export class Body implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #url: URL;
  readonly #control: BodyControl;
  readonly #floor: ThroughputFloor;
  readonly #chunks: Buffer[] = [];
  readonly #collect = createChunkCollector();
  #queuedBytes = 0;
  #paused = false;
  #ended = false;
  #failure: PkgError | null = null;
  #waiter: Waiter | null = null;

  constructor(url: URL, control: BodyControl, floor: ThroughputFloor) {
    this.#url = url;
    this.#control = control;
    this.#floor = floor;
  }

  push(chunk: Buffer): void {
    if (this.#ended || chunk.length === 0) return;
    this.#collect(chunk.length);
    const waiter = this.#takeWaiter();
    const rate = this.#floor.record(chunk.length, waiter === null ? 0 : steadyClock() - waiter.sinceMs);
    if (rate !== null) this.#giveUp(this.#tooSlow(rate));
    if (waiter === null) this.#enqueue(chunk);
    else waiter.resolve({ done: false, value: chunk });
  }

  end(): void {
    this.#ended = true;
    this.#takeWaiter()?.resolve({ done: true, value: undefined });
  }

  /** Ends the body with an error, which the consumer gets after the bytes that came before it. */
  fail(error: PkgError): void {
    if (this.#ended) return;
    this.#ended = true;
    const waiter = this.#takeWaiter();
    if (waiter === null) this.#failure = error;
    else waiter.reject(error);
  }

  /** Ends the body with an error at once: bytes that are still queued are lost. */
  interrupt(error: PkgError): void {
    this.#forgetQueue();
    this.#giveUp(error);
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return Promise.resolve({ done: false, value: this.#taken(chunk) });
    const failure = this.#failure;
    if (failure !== null) return Promise.reject(failure);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiter = { sinceMs: steadyClock(), resolve, reject };
    });
  }

  /** A consumer that stops early gives up the rest. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#forgetQueue();
    if (!this.#ended) this.#drop(new PkgError("INTERRUPTED", `Cannot read "${shownUrl(this.#url)}": it was given up`));
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #enqueue(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#paused || this.#queuedBytes < MAX_QUEUED_BYTES) return;
    this.#paused = true;
    this.#control.pause();
  }

  #taken(chunk: Buffer): Buffer {
    this.#queuedBytes -= chunk.length;
    if (this.#paused && this.#queuedBytes < MAX_QUEUED_BYTES / 2 && !this.#ended) {
      this.#paused = false;
      this.#control.resume();
    }
    return chunk;
  }

  #takeWaiter(): Waiter | null {
    const waiter = this.#waiter;
    this.#waiter = null;
    return waiter;
  }

  #giveUp(error: PkgError): void {
    const wasEnded = this.#ended;
    this.fail(error);
    if (!wasEnded) this.#control.drop(error);
  }

  #drop(reason: PkgError): void {
    this.end();
    this.#control.drop(reason);
  }

  #forgetQueue(): void {
    this.#chunks.length = 0;
    this.#queuedBytes = 0;
  }

  #tooSlow(rate: number): PkgError {
    const found = `${formatCount(Math.round(rate), "byte")} a second`;
    return new PkgError("NETWORK_TIMEOUT", `Cannot read the answer of "${shownUrl(this.#url)}": it comes at ${found}`);
  }
}
