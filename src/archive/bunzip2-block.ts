import { type BitReader, DamagedBzip2 } from "./bunzip2-bits.ts";
import { HuffmanTable } from "./bunzip2-huffman.ts";

const GROUP_SYMBOLS = 50;
const MAX_GROUPS = 6;
/** More than this many are written by some compressors, and ignored by all readers. */
const MAX_USED_SELECTORS = 18_002;
/** Bytes that are handed on at a time. */
const PIECE_BYTES = 256 * 1024;
/** Four equal bytes are followed by how often the byte is repeated. */
const RUN_LENGTH = 4;

/** One block of bzip2: read into memory, then handed on as bytes. Its memory is used again for the next block. */
export class Bunzip2Block {
  /** Low 8 bits: the byte; the others, once the transformation is undone: where the next one is. */
  readonly #table: Uint32Array;
  #count = 0;
  #start = 0;
  #checksum = 0;

  /** @param size the most bytes of a block before runs are written out */
  constructor(size: number) {
    this.#table = new Uint32Array(size);
  }

  /** The CRC of the bytes, once all have been handed on. */
  get checksum(): number {
    return ~this.#checksum >>> 0;
  }

  /** Reads what follows a block's checksum. @throws {DamagedBzip2} */
  read(bits: BitReader): void {
    if (bits.read(1) !== 0) throw new DamagedBzip2("of a version before 0.9.5");
    this.#start = bits.read(24);
    const used = readUsedBytes(bits);
    const groups = bits.read(3);
    if (groups < 2 || groups > MAX_GROUPS) throw new DamagedBzip2("damaged: it has no code tables");
    const selectors = readSelectors(bits, groups);
    const tables = Array.from({ length: groups }, () => HuffmanTable.read(bits, used.length + 2));
    this.#readSymbols(bits, used, { selectors, tables });
    if (this.#start >= this.#count) throw new DamagedBzip2("damaged: a block begins outside of itself");
    this.#linkBytes();
  }

  /** Undoes the move-to-front and the runs of zeros in one pass. */
  #readSymbols(
    bits: BitReader,
    used: Uint8Array,
    { selectors, tables }: { readonly selectors: Uint8Array; readonly tables: readonly HuffmanTable[] },
  ): void {
    const end = used.length + 1;
    const front = Uint8Array.from(used);
    const table = this.#table;
    let [count, run, runUnit] = [0, 0, 1];
    for (let group = 0; ; group += 1) {
      const code = group < selectors.length ? tables[selectors[group] ?? 0] : undefined;
      if (code === undefined) throw new DamagedBzip2("damaged: a block has more symbols than it says");
      for (let symbols = 0; symbols < GROUP_SYMBOLS; symbols += 1) {
        const symbol = code.next(bits);
        if (symbol < 2) {
          run += runUnit * (symbol + 1);
          runUnit *= 2;
          if (run > table.length - count) throw new DamagedBzip2("damaged: a block is larger than it may be");
          continue;
        }
        if (run > 0) {
          table.fill(front[0] ?? 0, count, count + run);
          count += run;
          [run, runUnit] = [0, 1];
        }
        if (symbol === end) {
          this.#count = count;
          return;
        }
        if (count === table.length) throw new DamagedBzip2("damaged: a block is larger than it may be");
        const place = symbol - 1;
        const byte = front[place] ?? 0;
        front.copyWithin(1, 0, place);
        front[0] = byte;
        table[count] = byte;
        count += 1;
      }
    }
  }

  /** The inverse of the Burrows-Wheeler transformation: each byte learns which one follows it. */
  #linkBytes(): void {
    const table = this.#table;
    const next = new Uint32Array(257);
    for (let at = 0; at < this.#count; at += 1) {
      const byte = ((table[at] ?? 0) & 0xff) + 1;
      next[byte] = (next[byte] ?? 0) + 1;
    }
    for (let byte = 1; byte < 257; byte += 1) next[byte] = (next[byte] ?? 0) + (next[byte - 1] ?? 0);
    for (let at = 0; at < this.#count; at += 1) {
      const byte = (table[at] ?? 0) & 0xff;
      const place = next[byte] ?? 0;
      next[byte] = place + 1;
      table[place] = ((table[place] ?? 0) & 0xff) | (at << 8);
    }
  }

  /** The bytes, in pieces. */
  *bytes(): Generator<Uint8Array> {
    let checksum = 0xffffffff;
    let piece = Buffer.allocUnsafe(PIECE_BYTES);
    let [filled, run, previous] = [0, 0, -1];
    let position = (this.#table[this.#start] ?? 0) >>> 8;
    for (let left = this.#count; left > 0; left -= 1) {
      const entry = this.#table[position] ?? 0;
      position = entry >>> 8;
      const byte = entry & 0xff;
      // After a run there may be as many as 255 bytes at once.
      if (filled > PIECE_BYTES - 256) {
        yield piece.subarray(0, filled);
        piece = Buffer.allocUnsafe(PIECE_BYTES);
        filled = 0;
      }
      if (run === RUN_LENGTH) {
        piece.fill(previous, filled, filled + byte);
        for (let repeat = 0; repeat < byte; repeat += 1) {
          checksum = ((checksum << 8) ^ (CRC_TABLE[(checksum >>> 24) ^ previous] ?? 0)) >>> 0;
        }
        filled += byte;
        run = 0;
        previous = -1;
        continue;
      }
      run = byte === previous ? run + 1 : 1;
      previous = byte;
      piece[filled] = byte;
      filled += 1;
      checksum = ((checksum << 8) ^ (CRC_TABLE[(checksum >>> 24) ^ byte] ?? 0)) >>> 0;
    }
    this.#checksum = checksum;
    if (filled > 0) yield piece.subarray(0, filled);
  }
}

/** The byte values that a block has, in order: 16 bits that say which sixteenths have any, and 16 bits for each of those. */
function readUsedBytes(bits: BitReader): Uint8Array {
  const sixteenths = bits.read(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high += 1) {
    if ((sixteenths & (0x8000 >> high)) === 0) continue;
    const low = bits.read(16);
    for (let index = 0; index < 16; index += 1) if ((low & (0x8000 >> index)) !== 0) used.push(high * 16 + index);
  }
  if (used.length === 0) throw new DamagedBzip2("damaged: a block uses no bytes");
  return Uint8Array.from(used);
}

/** Which table is for which 50 symbols, moved to the front and written as so many ones and a zero. */
function readSelectors(bits: BitReader, groups: number): Uint8Array {
  const count = bits.read(15);
  const front = [0, 1, 2, 3, 4, 5];
  const selectors = new Uint8Array(Math.min(count, MAX_USED_SELECTORS));
  for (let at = 0; at < count; at += 1) {
    let place = 0;
    while (bits.read(1) === 1) {
      place += 1;
      if (place >= groups) throw new DamagedBzip2("damaged: it names a code table that it does not have");
    }
    front.unshift(...front.splice(place, 1));
    if (at < selectors.length) selectors[at] = front[0] ?? 0;
  }
  return selectors;
}

/** The CRC-32 of bzip2: the polynomial of zlib's, with the most significant bit first. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});
