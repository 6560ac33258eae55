import { byteCount } from "../base/format-bytes.ts";
import { expectElf, RelocationFault } from "./fault.ts";

/** The numbers of an ELF file of the 64-bit class, little-endian, read and written inside its bounds. */
export class ElfBytes {
  readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  get length(): number {
    return this.buffer.length;
  }

  /** @throws {RelocationFault} when a part of it lies outside the file */
  assertInside(offset: number, size: number, what: string): void {
    const isInside = Number.isSafeInteger(offset + size) && offset + size <= this.length;
    expectElf(isInside, `its ${what} lies outside the file (${byteCount(size)} at ${offset}, of ${this.length})`);
  }

  half(offset: number): number {
    return this.buffer.readUInt16LE(offset);
  }

  word(offset: number): number {
    return this.buffer.readUInt32LE(offset);
  }

  /** @throws {RelocationFault} for a number that no file can reach */
  long(offset: number): number {
    const value = Number(this.buffer.readBigUInt64LE(offset));
    if (!Number.isSafeInteger(value)) throw new RelocationFault(`it has an address or a size of ${value}`);
    return value;
  }

  /** A number in which every bit may be set, such as the tag or the value of an entry of the dynamic section. */
  wide(offset: number): bigint {
    return this.buffer.readBigUInt64LE(offset);
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
