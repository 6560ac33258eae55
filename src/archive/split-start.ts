/** A stream whose first bytes are known. */
export interface StartedStream {
  /** At least as many bytes as were asked for; fewer only when the stream is shorter. */
  readonly start: Buffer;
  /** The whole stream, `start` included; can be read once. Ended with `return()`, it closes the source, also unread. */
  readonly whole: AsyncGenerator<Uint8Array>;
}

/** Waits for the first bytes of a stream, which show what it is. */
export async function splitStart(source: AsyncIterable<Uint8Array>, wanted: number): Promise<StartedStream> {
  const chunks = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < wanted) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    held.push(value);
    size += value.byteLength;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      // Taken below: only a generator that has begun closes the source when it is ended unread.
      yield Buffer.alloc(0);
      yield* held;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      await chunks.return?.();
    }
  }
  const begun = whole();
  await begun.next();
  return { start: Buffer.concat(held), whole: begun };
}
