/** Writes bzip2 bit by bit, so that it can be wrong in any way. */
export class BitWriter {
  #bits = "";

  put(value: number, count: number): this {
    this.#bits += value.toString(2).padStart(count, "0").slice(-count);
    return this;
  }

  /** The bits as bytes; zeros fill the last one. */
  bytes(): Buffer {
    const octets = this.#bits.match(/.{1,8}/g) ?? [];
    return Buffer.from(octets.map((bits) => Number.parseInt(bits.padEnd(8, "0"), 2)));
  }
}

/**
 * A bzip2 stream with one block of the byte `a`, whose symbols are given: 0 and 1 are the digits of a run, 2 is the end. Each code
 * has two bits.
 */
export function blockOf(symbols: readonly number[], { start = 0, selectors = 18_000 } = {}): Buffer {
  const bits = new BitWriter();
  for (const byte of Buffer.from("BZh9")) bits.put(byte, 8);
  bits.put(0x314159, 24).put(0x265359, 24).put(0, 16).put(0, 16).put(0, 1).put(start, 24);
  bits.put(0x8000 >> 6, 16).put(0x8000 >> 1, 16);
  bits.put(2, 3).put(selectors, 15);
  for (let selector = 0; selector < selectors; selector += 1) bits.put(0, 1);
  for (let table = 0; table < 2; table += 1) bits.put(2, 5).put(0, 3);
  for (const symbol of symbols) bits.put(symbol, 2);
  return bits.bytes();
}
