/** Seven bits of a number in each byte, the lowest first; the highest bit says that more follow. */
const MORE = 0x80;
const MAX_BYTES_OF_A_NUMBER = 5;

/** Writes lists of ascending numbers into bytes: how many, the first, and the distance of each to the one before it. */
export function createListWriter() {
  let bytes = Buffer.allocUnsafe(64 * 1024);
  let size = 0;
  function put(number: number): void {
    let rest = number;
    while (rest >= MORE) {
      bytes[size++] = (rest & 0x7f) | MORE;
      rest >>>= 7;
    }
    bytes[size++] = rest;
  }
  return {
    get size() {
      return size;
    },
    /** The numbers from `from` to `to`. */
    add(numbers: Uint32Array, from: number, to: number): void {
      const needed = size + (to - from + 1) * MAX_BYTES_OF_A_NUMBER;
      if (needed > bytes.length) bytes = Buffer.concat([bytes.subarray(0, size)], needed * 2);
      put(to - from);
      let last = 0;
      for (let at = from; at < to; at++) {
        const number = numbers[at] ?? 0;
        put(number - last);
        last = number;
      }
    },
    /** The bytes of the lists since the last call. */
    take(): Buffer {
      const taken = Buffer.from(bytes.subarray(0, size));
      size = 0;
      return taken;
    },
  };
}

/** An array for one list after the other. */
export class ScratchList {
  numbers = new Uint32Array(1024);

  reserve(count: number): void {
    if (count > this.numbers.length) this.numbers = new Uint32Array(count * 2);
  }
}

/** Reads what createListWriter() wrote, list by list. */
export class ListReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next list. @throws {RangeError} when there are not as many bytes as it says */
  next(): Uint32Array {
    const count = this.#count();
    const numbers = new Uint32Array(count);
    this.#fill(numbers, count);
    return numbers;
  }

  /** The same, into the beginning of `list`; returns how many there are. */
  into(list: ScratchList): number {
    const count = this.#count();
    list.reserve(count);
    this.#fill(list.numbers, count);
    return count;
  }

  #fill(numbers: Uint32Array, count: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let last = 0;
    for (let index = 0; index < count; index++) {
      let byte = bytes[at++] ?? 0;
      let number = byte & 0x7f;
      for (let shift = 7; byte >= MORE; shift += 7) {
        byte = bytes[at++] ?? 0;
        number |= (byte & 0x7f) << shift;
      }
      last += number >>> 0;
      numbers[index] = last;
    }
    this.#at = at;
    if (at > bytes.length) throw outOfBytes();
  }

  /** Passes over a list. */
  skip(): void {
    let left = this.#count();
    let at = this.#at;
    while (left > 0 && at < this.#bytes.length) if ((this.#bytes[at++] ?? 0) < MORE) left--;
    if (left > 0) throw outOfBytes();
    this.#at = at;
  }

  /** A number takes a byte at least, so that a damaged count allocates nothing. */
  #count(): number {
    let number = 0;
    let byte = MORE;
    for (let shift = 0; byte >= MORE; shift += 7) {
      byte = this.#bytes[this.#at++] ?? 0;
      number |= (byte & 0x7f) << shift;
    }
    if (number < 0 || number > this.#bytes.length - this.#at) throw outOfBytes();
    return number;
  }
}

function outOfBytes(): RangeError {
  return new RangeError("a list of numbers is longer than its bytes");
}
