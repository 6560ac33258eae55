/** A tar consists of blocks of this size: headers, and contents padded with zeros to whole blocks. */
export const BLOCK_BYTES = 512;

/** How many zeros follow content of `size` bytes. */
export function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
