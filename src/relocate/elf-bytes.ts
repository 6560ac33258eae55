import { byteCount } from "../base/format-bytes.ts";
import { RelocationFault } from "./fault.ts";

/** The numbers and texts of an ELF file of the 64-bit class, little-endian. */
export interface ElfReader {
  /** Bytes. */
  readonly length: number;
  /** @throws {RelocationFault} when a part of it lies outside the file */
  assertInside(offset: number, size: number, what: string): void;
  byte(offset: number): number;
  half(offset: number): number;
  word(offset: number): number;
  /** @throws {RelocationFault} for a number that no file can reach */
  long(offset: number): number;
  /** A number in which every bit may be set, such as the value of an entry of the dynamic section; rounded from 2⁵³ on. */
  rounded(offset: number): number;
  /** Where the next NUL is; -1: there is none. */
  endOfText(offset: number): number;
  /** As Latin-1, so that every byte stays what it is. */
  text(offset: number, end: number): string;
}

/** As ElfReader.assertInside, for a file of that length. */
export function assertInside(length: number, { offset, size, what }: Part): void {
  if (Number.isSafeInteger(offset + size) && offset + size <= length) return;
  throw new RelocationFault(`its ${what} lies outside the file (${byteCount(size)} at ${offset}, of ${length})`);
}

interface Part {
  readonly offset: number;
  readonly size: number;
  readonly what: string;
}

/** As ElfReader.rounded. */
export function roundedAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

/** As ElfReader.long, of what was read. */
export function reachable(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RelocationFault(`it has an address or a size of ${value}`);
  return value;
}

/** An ELF file in memory, read and written inside its bounds. */
export class ElfBytes implements ElfReader {
  readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  get length(): number {
    return this.buffer.length;
  }

  assertInside(offset: number, size: number, what: string): void {
    assertInside(this.length, { offset, size, what });
  }

  byte(offset: number): number {
    return this.buffer.readUInt8(offset);
  }

  half(offset: number): number {
    return this.buffer.readUInt16LE(offset);
  }

  word(offset: number): number {
    return this.buffer.readUInt32LE(offset);
  }

  long(offset: number): number {
    return reachable(this.rounded(offset));
  }

  rounded(offset: number): number {
    return roundedAt(this.buffer, offset);
  }

  endOfText(offset: number): number {
    return this.buffer.indexOf(0, offset);
  }

  text(offset: number, end: number): string {
    return this.buffer.toString("latin1", offset, end);
  }

  setWord(offset: number, value: number): void {
    this.buffer.writeUInt32LE(value, offset);
  }

  setHalf(offset: number, value: number): void {
    this.buffer.writeUInt16LE(value, offset);
  }

  setLong(offset: number, value: number): void {
    this.buffer.writeBigUInt64LE(BigInt(value), offset);
  }
}
