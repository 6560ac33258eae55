/** Finds numbers from 0 up by a hash of what they stand for; whether it is the same is for the caller to see. */
export class HashChains {
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;

  /** @param hashOf the hash of each number below `count`, at least 32 bits of it */
  constructor(count: number, hashOf: (number: number) => number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2)));
    this.#mask = size - 1;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(count);
    for (let number = count - 1; number >= 0; number--) {
      const slot = (hashOf(number) & this.#mask) >>> 0;
      this.#next[number] = this.#heads[slot] ?? -1;
      this.#heads[slot] = number;
    }
  }

  /** The numbers that may have this hash, in order. */
  *find(hash: number): Generator<number> {
    for (let at = this.#heads[(hash & this.#mask) >>> 0] ?? -1; at !== -1; at = this.#next[at] ?? -1) yield at;
  }
}
