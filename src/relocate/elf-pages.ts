import { assertInside, type ElfReader, reachable } from "./elf-bytes.ts";

const PAGE_BYTES = 16 * 1024;
/** The longest number that may begin on a page and end on the next one has one byte more. */
const OVERLAP_BYTES = 7;

/** An ELF file of which the pages are read that are asked for: how one is linked stands in a few of them. */
export class ElfPages implements ElfReader {
  readonly length: number;
  readonly #read: (offset: number, size: number) => Buffer;
  readonly #pages = new Map<number, Buffer>();

  /** @param read the bytes from an offset on; fewer where the file ends */
  constructor(length: number, read: (offset: number, size: number) => Buffer) {
    this.length = length;
    this.#read = read;
  }

  assertInside(offset: number, size: number, what: string): void {
    assertInside(this.length, { offset, size, what });
  }

  byte(offset: number): number {
    return this.#page(offset).readUInt8(offset % PAGE_BYTES);
  }

  half(offset: number): number {
    return this.#page(offset).readUInt16LE(offset % PAGE_BYTES);
  }

  word(offset: number): number {
    return this.#page(offset).readUInt32LE(offset % PAGE_BYTES);
  }

  long(offset: number): number {
    return reachable(this.wide(offset));
  }

  wide(offset: number): bigint {
    return this.#page(offset).readBigUInt64LE(offset % PAGE_BYTES);
  }

  endOfText(offset: number): number {
    for (let at = offset; at < this.length; at = pageStart(at) + PAGE_BYTES) {
      const end = this.#page(at).indexOf(0, at % PAGE_BYTES);
      if (end !== -1) return pageStart(at) + end;
    }
    return -1;
  }

  text(offset: number, end: number): string {
    let text = "";
    for (let at = offset; at < end; at = pageStart(at) + PAGE_BYTES) {
      const last = Math.min(PAGE_BYTES, end - pageStart(at));
      text += this.#page(at).toString("latin1", at % PAGE_BYTES, last);
    }
    return text;
  }

  #page(offset: number): Buffer {
    const start = pageStart(offset);
    const page = this.#pages.get(start) ?? this.#read(start, PAGE_BYTES + OVERLAP_BYTES);
    this.#pages.set(start, page);
    return page;
  }
}

function pageStart(offset: number): number {
  return offset - (offset % PAGE_BYTES);
}
