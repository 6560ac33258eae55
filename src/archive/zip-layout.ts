import type { Entry, ZipFile } from "yauzl";
import { invalidArchive } from "./archive-error.ts";

/** True for the first bytes of a zip file, with entries or without any. */
export function isZipStart(start: Buffer): boolean {
  return ["PK\x03\x04", "PK\x05\x06"].includes(start.toString("latin1", 0, 4));
}

/**
 * Compares an entry with the header before its content, which other readers go by: two names would be two archives in one.
 *
 * @returns where the content begins
 * @throws {PkgError} ARCHIVE_INVALID
 */
export async function checkLocalHeader(zip: ZipFile, entry: Entry, path: string): Promise<number> {
  const header = await zip.readLocalFileHeaderPromise(entry);
  if (header.fileName.equals(entry.fileNameRaw) && header.compressionMethod === entry.compressionMethod) {
    return header.fileDataStart;
  }
  throw invalidArchive(`"${path}" is described twice, and not in the same way`);
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
