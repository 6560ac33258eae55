/** Reads exact numbers of bytes from a stream of chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /**
   * The next `size` bytes, which the caller must limit; fewer at the end of the stream. They may be used until more is read: the source
   * may put its next chunk where these are.
   */
  async read(size: number): Promise<Buffer> {
    if (this.#rest.length >= size) return this.#take(size);
    const parts: Buffer[] = [];
    for await (const part of this.stream(size)) parts.push(Buffer.from(part));
    return Buffer.concat(parts);
  }

  /** The next `size` bytes as they arrive; fewer at the end of the stream. */
  async *stream(size: number): AsyncGenerator<Buffer> {
    let missing = size;
    while (missing > 0 && (await this.#fill())) {
      const part = this.#take(missing);
      missing -= part.length;
      yield part;
    }
  }

  /** Ends the stream early, as `break` in a loop over it would. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#chunks.return?.();
  }

  #take(size: number): Buffer {
    const part = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      const { value, done } = await this.#chunks.next();
      if (done === true) this.#ended = true;
      else this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    return this.#rest.length > 0;
  }
}
