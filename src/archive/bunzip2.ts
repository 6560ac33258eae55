import { BitReader, DamagedBzip2 } from "./bunzip2-bits.ts";
import { Bunzip2Block } from "./bunzip2-block.ts";

/**
 * The most bytes that a block may take: 900,000 symbols of 20 bits, the longest code there is, and its tables. Memory holds
 * no more of the input.
 */
const MAX_BLOCK_BYTES = 2_500_000;
const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const STREAM_MAGIC = 0x425a68;
const BLOCK_UNIT_BYTES = 100_000;

/**
 * Decompresses bzip2, block by block; several streams in a row count as one. It is our own code because unbzip2-stream, the
 * library that others use, makes an array of numbers of each block: a file of 300 bytes takes 1.7 GB of memory there.
 *
 * @throws {DamagedBzip2} for data that is damaged or truncated; and whatever the source throws
 * @see the format as bzip2 1.0.8 writes and reads it
 */
export async function* bunzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const bits = new BitReader();
  try {
    await fill(bits, chunks);
    do {
      yield* stream(bits, chunks);
      await fill(bits, chunks);
    } while (bits.available > 0);
  } finally {
    await chunks.return?.();
  }
}

async function fill(bits: BitReader, chunks: AsyncIterator<Uint8Array>): Promise<void> {
  while (bits.available < MAX_BLOCK_BYTES && !bits.isEnded) {
    const { value, done } = await chunks.next();
    if (done === true) bits.end();
    else bits.push(value);
  }
}

async function* stream(bits: BitReader, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (bits.read(24) !== STREAM_MAGIC) throw new DamagedBzip2("followed by other bytes");
  const level = bits.read(8) - 0x30;
  if (level < 1 || level > 9) throw new DamagedBzip2("of an unknown block size");
  const block = new Bunzip2Block(level * BLOCK_UNIT_BYTES);
  let checksum = 0;
  for (let magic = readMagic(bits); magic !== END_MAGIC; magic = readMagic(bits)) {
    if (magic !== BLOCK_MAGIC) throw new DamagedBzip2("damaged between two blocks");
    const expected = bits.read(32);
    block.read(bits);
    yield* block.bytes();
    if (block.checksum !== expected) throw new DamagedBzip2("damaged: a block's checksum is wrong");
    checksum = (((checksum << 1) | (checksum >>> 31)) ^ expected) >>> 0;
    await fill(bits, chunks);
  }
  if (bits.read(32) !== checksum) throw new DamagedBzip2("damaged: its checksum is wrong");
  bits.align();
}

function readMagic(bits: BitReader): number {
  return bits.read(24) * 2 ** 24 + bits.read(24);
}
