import { type BitReader, DamagedBzip2 } from "./bunzip2-bits.ts";

const MAX_CODE_BITS = 20;
/** Codes of up to so many bits, which nearly all are, are looked up at once. */
const QUICK_BITS = 11;

/** A canonical Huffman code. */
export class HuffmanTable {
  /** The symbols, by the length of their codes. */
  readonly #symbols: Uint16Array;
  /** For each length the largest code, -1 where there is none; and what turns a code into a place in `symbols`. */
  readonly #limits: Int32Array;
  readonly #bases: Int32Array;
  readonly #longest: number;
  /** By the next bits: the length of the code in the upper half, and its symbol; 0 for a longer code. */
  readonly #quick = new Uint32Array(1 << QUICK_BITS);

  private constructor(lengths: Uint8Array) {
    const shortest = lengths.reduce((least, length) => Math.min(least, length), MAX_CODE_BITS);
    this.#longest = lengths.reduce((most, length) => Math.max(most, length), 1);
    this.#symbols = new Uint16Array(lengths.length);
    this.#limits = new Int32Array(MAX_CODE_BITS + 1).fill(-1);
    this.#bases = new Int32Array(MAX_CODE_BITS + 1);
    let [code, place] = [0, 0];
    for (let length = shortest; length <= this.#longest; length += 1) {
      this.#bases[length] = place - code;
      for (let symbol = 0; symbol < lengths.length; symbol += 1) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[place] = symbol;
        this.#learn(code, length, symbol);
        place += 1;
        code += 1;
      }
      this.#limits[length] = code - 1;
      code *= 2;
    }
  }

  /** Reads the lengths of the codes, each as the difference to the one before. @throws {DamagedBzip2} */
  static read(bits: BitReader, symbols: number): HuffmanTable {
    const lengths = new Uint8Array(symbols);
    let length = bits.read(5);
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS) throw new DamagedBzip2("damaged: a code has an impossible length");
        if (bits.read(1) === 0) break;
        length += bits.read(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    return new HuffmanTable(lengths);
  }

  #learn(code: number, length: number, symbol: number): void {
    if (length > QUICK_BITS) return;
    const from = code << (QUICK_BITS - length);
    this.#quick.fill((length << 16) | symbol, from, from + (1 << (QUICK_BITS - length)));
  }

  /** The next symbol. @throws {DamagedBzip2} for a code that no symbol has */
  next(bits: BitReader): number {
    const known = this.#quick[bits.peek(QUICK_BITS)] ?? 0;
    if (known === 0) return this.#nextLong(bits);
    bits.skip(known >>> 16);
    return known & 0xffff;
  }

  #nextLong(bits: BitReader): number {
    const seen = bits.peek(MAX_CODE_BITS);
    for (let length = QUICK_BITS + 1; length <= this.#longest; length += 1) {
      const code = seen >>> (MAX_CODE_BITS - length);
      const place = code + (this.#bases[length] ?? 0);
      if (code > (this.#limits[length] ?? -1) || place < 0 || place >= this.#symbols.length) continue;
      bits.skip(length);
      return this.#symbols[place] ?? 0;
    }
    throw new DamagedBzip2("damaged: it has an unknown code");
  }
}
