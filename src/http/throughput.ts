/** How many slices a window has: it may be longer than asked for by at most one slice. */
const SLICES = 10;

interface Slice {
  waitedMs: number;
  bytes: number;
}

/**
 * A floor on throughput over a sliding window. Only time spent waiting for the peer counts, so a slow disk, or a
 * consumer that pauses, is not held against the server.
 */
export class ThroughputFloor {
  readonly #bytesPerSecond: number;
  readonly #windowMs: number;
  readonly #slices: Slice[] = [];
  /** The slice being filled, the last of them. */
  #current: Slice = { waitedMs: 0, bytes: 0 };
  #waitedMs = 0;
  #bytes = 0;

  constructor(bytesPerSecond: number, windowMs: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#windowMs = windowMs;
    this.#slices.push(this.#current);
  }

  /**
   * Records `bytes` that arrived after `waitedMs` of waiting.
   *
   * @returns bytes per second over the window if that is below the floor, else null
   */
  record(bytes: number, waitedMs: number): number | null {
    this.#current.bytes += bytes;
    this.#current.waitedMs += waitedMs;
    this.#bytes += bytes;
    this.#waitedMs += waitedMs;
    if (this.#current.waitedMs < this.#windowMs / SLICES) return null;
    return this.#closeSlice();
  }

  #closeSlice(): number | null {
    this.#current = { waitedMs: 0, bytes: 0 };
    this.#slices.push(this.#current);
    if (this.#waitedMs < this.#windowMs) return null;
    const rate = (this.#bytes * 1_000) / this.#waitedMs;
    this.#forget();
    return rate < this.#bytesPerSecond ? rate : null;
  }

  /** Drops the oldest slices that the window can do without. */
  #forget(): void {
    for (let [oldest] = this.#slices; oldest !== undefined; [oldest] = this.#slices) {
      if (this.#waitedMs - oldest.waitedMs < this.#windowMs * (1 - 1 / SLICES)) return;
      this.#waitedMs -= oldest.waitedMs;
      this.#bytes -= oldest.bytes;
      this.#slices.shift();
    }
  }
}
