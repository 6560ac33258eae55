/** A stream whose first bytes are known. */
export interface StartedStream {
  /** At least as many bytes as were asked for; fewer only when the stream is shorter. */
  readonly start: Buffer;
  /** The whole stream, `start` included; can be read once. */
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
      yield* held;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      await chunks.return?.();
    }
  }
  return { start: Buffer.concat(held), whole: whole() };
}
