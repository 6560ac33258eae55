import type { Entry, LocalFileHeader, ZipFile } from "yauzl";
import { invalidArchive } from "./archive-error.ts";

/** True for the first bytes of a zip file, with entries or without any. */
export function isZipStart(start: Buffer): boolean {
  return ["PK\x03\x04", "PK\x05\x06"].includes(start.toString("latin1", 0, 4));
}

const ENCRYPTED_FLAG = 1;
/** The checksum and the sizes follow the content, and the header before it need not have them. */
const LATER_FLAG = 8;
/** What a header has in place of a number that is elsewhere: after the content, or in a field for large files. */
const ELSEWHERE: readonly number[] = [0, 0xffffffff];

/**
 * Compares an entry with the header before its content, which other readers go by: two names, or two sizes, would be two
 * archives in one.
 *
 * @returns where the content begins
 * @throws {PkgError} ARCHIVE_INVALID
 */
export async function checkLocalHeader(zip: ZipFile, entry: Entry, path: string): Promise<number> {
  const header = await zip.readLocalFileHeaderPromise(entry);
  if (isSame(header, entry)) return header.fileDataStart;
  throw invalidArchive(`"${path}" is described twice, and not in the same way`);
}

function isSame(header: LocalFileHeader, entry: Entry): boolean {
  const [flags, others] = [header.generalPurposeBitFlag, entry.generalPurposeBitFlag];
  if (!header.fileName.equals(entry.fileNameRaw) || header.compressionMethod !== entry.compressionMethod) return false;
  if ((flags & ENCRYPTED_FLAG) !== (others & ENCRYPTED_FLAG)) return false;
  if ((flags & LATER_FLAG) !== 0) return true;
  const numbers = [
    [header.crc32, entry.crc32],
    [header.compressedSize, entry.compressedSize],
    [header.uncompressedSize, entry.uncompressedSize],
  ];
  return numbers.every(([here = 0, there]) => ELSEWHERE.includes(here) || here === there);
}

/** Where the entries of a zip file lie. Entries that share bytes let a small file unpack to any size. */
export class ZipRanges {
  readonly #ranges: (readonly [start: number, end: number])[] = [];

  add({ relativeOffsetOfLocalHeader, compressedSize }: Entry, contentStart: number): void {
    this.#ranges.push([relativeOffsetOfLocalHeader, contentStart + compressedSize]);
  }

  /** @throws {PkgError} ARCHIVE_INVALID */
  refuseOverlaps(): void {
    const sorted = this.#ranges.toSorted(([left], [right]) => left - right);
    if (sorted.some(([, end], index) => end > (sorted[index + 1]?.[0] ?? end))) {
      throw invalidArchive("its entries overlap");
    }
  }
}
