/** So much is written before the disk is told to take it, in bytes. */
const FLUSHED_BYTES = 64 * 1024 * 1024;

/** Lets the disk take a large file while more of it is written: whoever makes it durable at the end waits less. */
export class PassingFlush {
  readonly #flush: () => Promise<void>;
  #bytes = 0;
  #isRunning = false;
  #done: Promise<unknown> = Promise.resolve();

  /** @param flush makes durable what was written so far */
  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  /** To be told of all that was written; waits for nothing. */
  note(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < FLUSHED_BYTES || this.#isRunning) return;
    this.#bytes = 0;
    this.#isRunning = true;
    const flushed = this.#flush();
    this.#done = Promise.all([this.#done, flushed]).finally(() => {
      this.#isRunning = false;
    });
    this.#done.catch(() => {});
  }

  /** Waits for what was begun. @throws what has failed since the start: the system may tell of it only once */
  async finish(): Promise<void> {
    await this.#done;
  }

  /** Waits for what was begun, however it ends. */
  async settle(): Promise<void> {
    await this.#done.catch(() => {});
  }
}
