import { assertInside, type ElfReader, reachable, roundedAt } from "./elf-bytes.ts";

const PAGE_BYTES = 16 * 1024;
/** The longest number that may begin on a page and end on the next one has one byte more. */
const OVERLAP_BYTES = 7;

/** An ELF file of which the pages are read that are asked for: how one is linked stands in a few of them. */
export class ElfPages implements ElfReader {
  readonly length: number;
  readonly #read: (offset: number, size: number) => Buffer;
  readonly #pages = new Map<number, Buffer>();
  /** The page that was asked for last, which most often is asked for next. */
  #page: Buffer;
  #start = 0;

  /** @param read the bytes from an offset on; fewer where the file ends. They stay as they are until the reader is given up */
  constructor(length: number, read: (offset: number, size: number) => Buffer) {
    this.length = length;
    this.#read = read;
    this.#page = this.#pageFrom(0);
  }

  assertInside(offset: number, size: number, what: string): void {
    assertInside(this.length, { offset, size, what });
  }

  byte(offset: number): number {
    return this.#at(offset).readUInt8(offset - this.#start);
  }

  half(offset: number): number {
    return this.#at(offset).readUInt16LE(offset - this.#start);
  }

  word(offset: number): number {
    return this.#at(offset).readUInt32LE(offset - this.#start);
  }

  long(offset: number): number {
    return reachable(this.rounded(offset));
  }

  rounded(offset: number): number {
    return roundedAt(this.#at(offset), offset - this.#start);
  }

  endOfText(offset: number): number {
    for (let at = offset; at < this.length; at = this.#start + PAGE_BYTES) {
      const end = this.#at(at).indexOf(0, at - this.#start);
      if (end !== -1) return this.#start + end;
    }
    return -1;
  }

  text(offset: number, end: number): string {
    let text = "";
    for (let at = offset; at < end; at = this.#start + PAGE_BYTES) {
      const page = this.#at(at);
      text += page.toString("latin1", at - this.#start, Math.min(PAGE_BYTES, end - this.#start));
    }
    return text;
  }

  /** The page that an offset is on. */
  #at(offset: number): Buffer {
    if (offset < this.#start || offset >= this.#start + PAGE_BYTES) {
      this.#start = offset - (offset % PAGE_BYTES);
      this.#page = this.#pages.get(this.#start) ?? this.#pageFrom(this.#start);
    }
    return this.#page;
  }

  #pageFrom(start: number): Buffer {
    const page = this.#read(start, PAGE_BYTES + OVERLAP_BYTES);
    this.#pages.set(start, page);
    return page;
  }
}
