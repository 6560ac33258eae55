/** What is fed at a time: out of these may come some ten thousand times as many bytes, all at once. */
const PIECE_BYTES = 4096;

/** What is wrong with xz data. */
export class DamagedXz extends Error {}

/**
 * Decompresses xz with every filter and check that the format has; several streams in a row, and zeros between them, count as
 * one.
 *
 * @throws {DamagedXz} for data that is damaged, truncated or followed by other bytes; and whatever the source throws
 * @see the .xz file format 1.2.1
 */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Loaded here: it is an addon, and xz is rare.
  const { XzDecompressor } = await import("@napi-rs/lzma");
  const decoder = new XzDecompressor();
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      const bytes = attempt(() => decoder.update(piece));
      if (bytes.byteLength > 0) yield bytes;
    }
  }
  const rest = await decoder.finish().catch((error: unknown) => {
    throw new DamagedXz("damaged", { cause: error });
  });
  if (rest.byteLength > 0) yield rest;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new DamagedXz("damaged", { cause: error });
  }
}
