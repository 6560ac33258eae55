import type { FormatName } from "../index/formats/entry-format.ts";
import type { ElementStamp } from "../index/known-elements.ts";

/**
 * What is remembered of each element of an index document that was read, in its order: what it was, and by which bytes it is
 * recognised.
 */
export const ELEMENT_TABLE = "CREATE TABLE elements (hosts TEXT NOT NULL, records BLOB NOT NULL);";

const FORMATS: readonly FormatName[] = ["g1", "g2", "g3", "v1"];

/** An element of a document. */
export interface ElementRecord {
  /** For this platform, or for another one. */
  readonly isHere: boolean;
  /** Position of an entry; of what is for another platform, the index in the list of these. */
  readonly number: number;
  readonly format: FormatName;
}

/** Of its SHA-256, by which an element is recognised, the first bytes: enough that nobody can find two with the same ones. */
const DIGEST_BYTES = 16;

/** Digest, length, hash of its place, number, and a byte that says what it is. */
const RECORD_BYTES = DIGEST_BYTES + 4 + 4 + 4 + 1;
const [LENGTH_AT, PLACE_AT, NUMBER_AT, KIND_AT] = [16, 20, 24, 28];
const ELSEWHERE = 0x80;

/** A hash of what makes an entry unique in its index, for finding the few that may be the same. */
export function placeHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Records of elements as bytes, in the order of the document. */
export class ElementRecords {
  #bytes: Buffer;
  #count: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes;
    this.#count = Math.floor(bytes.length / RECORD_BYTES);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#count * RECORD_BYTES);
  }

  /** Appends one; without a stamp, it will not be recognised. */
  push({ isHere, number }: Omit<ElementRecord, "format">, stamp: ElementStamp | null): void {
    const at = this.#grow();
    const { digest = "", length = 0, key = "", format = "g1" } = stamp ?? {};
    this.#bytes.fill(0, at, at + DIGEST_BYTES);
    this.#bytes.write(digest, at, DIGEST_BYTES, "latin1");
    this.#bytes.writeUInt32LE(length, at + LENGTH_AT);
    this.#bytes.writeUInt32LE(placeHash(key), at + PLACE_AT);
    this.#bytes.writeUInt32LE(number, at + NUMBER_AT);
    this.#bytes[at + KIND_AT] = FORMATS.indexOf(format) | (isHere ? 0 : ELSEWHERE);
  }

  /** Appends the one at `index` of another document, with another number. */
  copy(from: ElementRecords, index: number, number: number): void {
    const at = this.#grow();
    from.#bytes.copy(this.#bytes, at, index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
    this.#bytes.writeUInt32LE(number, at + NUMBER_AT);
  }

  /** Gives the one at `index` another number. */
  renumber(index: number, number: number): void {
    this.#bytes.writeUInt32LE(number, index * RECORD_BYTES + NUMBER_AT);
  }

  at(index: number): ElementRecord {
    const kind = this.#bytes[index * RECORD_BYTES + KIND_AT] ?? 0;
    const format = FORMATS[kind & ~ELSEWHERE] ?? "g1";
    return { isHere: (kind & ELSEWHERE) === 0, number: this.number(index), format };
  }

  isHere(index: number): boolean {
    return ((this.#bytes[index * RECORD_BYTES + KIND_AT] ?? 0) & ELSEWHERE) === 0;
  }

  number(index: number): number {
    return this.#bytes.readUInt32LE(index * RECORD_BYTES + NUMBER_AT);
  }

  length(index: number): number {
    return this.#bytes.readUInt32LE(index * RECORD_BYTES + LENGTH_AT);
  }

  place(index: number): number {
    return this.#bytes.readUInt32LE(index * RECORD_BYTES + PLACE_AT);
  }

  /** A part of the digest, to find it by. */
  digestHash(index: number): number {
    return this.#bytes.readUInt32LE(index * RECORD_BYTES);
  }

  hasDigest(index: number, digest: string): boolean {
    const at = index * RECORD_BYTES;
    for (let byte = 0; byte < DIGEST_BYTES; byte++)
      if (this.#bytes[at + byte] !== digest.charCodeAt(byte)) return false;
    return true;
  }

  #grow(): number {
    const at = this.#count * RECORD_BYTES;
    if (at + RECORD_BYTES > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], Math.max(1024 * RECORD_BYTES, this.#bytes.length * 2));
    }
    this.#count++;
    return at;
  }
}
