/** What is wrong with xz data. */
export class DamagedXz extends Error {}

/**
 * Decompresses xz with every filter and check that the format has; several streams in a row, and zeros between them, count as
 * one. The decoder has a thread of its own, which waits until what it has decoded is taken. That matters: a kilobyte of xz may
 * hold seven megabytes, and the classes of the same library keep all that comes out in memory.
 *
 * @throws {DamagedXz} for data that is damaged, truncated or followed by other bytes; and whatever the source throws
 * @see the .xz file format 1.2.1
 */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Loaded here: it is an addon, and xz is rare.
  const { xz } = await import("@napi-rs/lzma");
  const chunks = source[Symbol.asyncIterator]();
  const input = webStreamOf(chunks);
  try {
    yield* xz.decompressStream(input.stream);
  } catch (cause) {
    const failure = input.failure();
    throw failure === null ? new DamagedXz("damaged", { cause }) : failure.error;
  } finally {
    // The decoder does not cancel its input.
    await chunks.return?.();
  }
}

/** A decoder's input. It keeps the error that reading failed with, since the decoder throws one of its own instead. */
interface WebInput {
  readonly stream: ReadableStream<Uint8Array>;
  readonly failure: () => { readonly error: unknown } | null;
}

/** Each chunk is copied: its source may use the memory again while the other thread reads it. */
function webStreamOf(chunks: AsyncIterator<Uint8Array>): WebInput {
  let failure: { readonly error: unknown } | null = null;
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { value, done } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(Uint8Array.from(value));
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  return { stream: new ReadableStream({ pull }, { highWaterMark: 0 }), failure: () => failure };
}
