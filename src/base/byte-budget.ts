/** Lets as much be in memory at a time as a limit says; what comes later waits, in the order of the calls. */
export class ByteBudget {
  readonly #limit: number;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  #used = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Does `work`, which holds so many bytes, once there is room for them. What is larger than the limit is alone.
   *
   * @param work may say before its end that it holds them no longer
   */
  async run<T>(bytes: number, work: (release: () => void) => Promise<T>): Promise<T> {
    const wanted = Math.min(bytes, this.#limit);
    if (this.#waiting.length > 0 || this.#used + wanted > this.#limit) await this.#turn(wanted);
    else this.#used += wanted;
    let held = wanted;
    const release = () => {
      this.#used -= held;
      held = 0;
      this.#admit();
    };
    try {
      return await work(release);
    } finally {
      release();
    }
  }

  #turn(bytes: number): Promise<void> {
    return new Promise((go) => this.#waiting.push({ bytes, go }));
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#used + next.bytes > this.#limit) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.go();
    }
  }
}
