import type { ElfFile } from "./elf-file.ts";
import { EHDR, SECTION_BYTES, SEGMENT_BYTES, SHT } from "./elf-tables.ts";

/** What stands behind everything that the file's own tables describe, as a self-extracting program has it. */
export function appendedData({ elf, segments, sections }: ElfFile): Buffer {
  const ends = [
    elf.long(EHDR.phoff) + segments.length * SEGMENT_BYTES,
    elf.long(EHDR.shoff) + sections.length * SECTION_BYTES,
    ...segments.map(({ offset, fileSize }) => offset + fileSize),
    ...sections.filter(({ type }) => type !== SHT.nobits).map(({ offset, size }) => offset + size),
  ];
  const end = ends.reduce((last, one) => Math.max(last, one), 0);
  return elf.buffer.subarray(end);
}
