/** What is wrong with bzip2 data; `message` follows "it is". */
export class DamagedBzip2 extends Error {}

/** Reads bits, the most significant first, of bytes that are added piece by piece. */
export class BitReader {
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #position = 0;
  #held = 0;
  #heldBits = 0;
  #isEnded = false;

  /** Whole bytes that were added and not read yet. */
  get available(): number {
    return this.#bytes.length - this.#position + this.#waitingBytes;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
  }

  /** Says that nothing more will be added. */
  end(): void {
    this.#isEnded = true;
  }

  /** The next `count` bits, at most 32, as a number. @throws {DamagedBzip2} when there are fewer */
  read(count: number): number {
    if (count > 24) return this.read(count - 16) * 65536 + this.read(16);
    while (this.#heldBits < count) this.#take();
    this.#heldBits -= count;
    const value = (this.#held >>> this.#heldBits) & ((1 << count) - 1);
    this.#held &= (1 << this.#heldBits) - 1;
    return value;
  }

  /** The next `count` bits, at most 20, which stay; zeros take the place of those after the end. */
  peek(count: number): number {
    while (this.#heldBits < count) {
      if (this.available === 0) return (this.#held << (count - this.#heldBits)) & ((1 << count) - 1);
      this.#take();
    }
    return this.#held >>> (this.#heldBits - count);
  }

  /** Takes `count` bits that were seen. @throws {DamagedBzip2} when there are fewer */
  skip(count: number): void {
    if (count > this.#heldBits) throw new DamagedBzip2("truncated");
    this.#heldBits -= count;
    this.#held &= (1 << this.#heldBits) - 1;
  }

  /** Skips to the next whole byte. */
  align(): void {
    this.#held = 0;
    this.#heldBits = 0;
  }

  #take(): void {
    if (this.#position === this.#bytes.length) this.#join();
    this.#held = (this.#held << 8) | (this.#bytes[this.#position] ?? 0);
    this.#position += 1;
    this.#heldBits += 8;
  }

  #join(): void {
    if (this.#waitingBytes === 0) throw new DamagedBzip2("truncated");
    this.#bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#position = 0;
  }
}
