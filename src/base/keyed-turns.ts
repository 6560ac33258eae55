/** Lets work on the same thing take turns, and work on different things run side by side. */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does `work` once all earlier work under `key` is over, however it ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
