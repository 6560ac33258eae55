import { giveMemoryBack, lendMemory } from "./lent-memory.ts";
import type { TarBytes } from "./read-header.ts";

/** Exact numbers of bytes, from the start of something to its end. */
export interface ByteInput extends TarBytes {
  /** What read() would give next, which stays to be read. */
  peek(size: number): Promise<Buffer>;
  /** The next `size` bytes as they arrive; fewer at the end. Each part may be used until the next one is asked for. */
  stream(size: number): AsyncGenerator<Buffer>;
  /** Ends it early, as `break` in a loop over it would. */
  close(): Promise<void>;
}

/** Reads exact numbers of bytes from a stream of chunks of any size. */
export class ByteReader implements ByteInput {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  /** The memory of what was put together of several chunks. */
  #joined: Buffer | null = null;

  /** @param onBytes called with each chunk */
  constructor(source: AsyncIterable<Uint8Array>, onBytes: (bytes: Uint8Array) => void = () => {}) {
    this.#onBytes = onBytes;
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /**
   * The next `size` bytes, which the caller must limit; fewer at the end of the stream. They may be used until more is read: the source
   * may put its next chunk where these are.
   */
  read(size: number): Buffer | Promise<Buffer> {
    return this.#rest.length >= size ? this.#take(size) : this.#join(size);
  }

  async peek(size: number): Promise<Buffer> {
    const bytes = Buffer.from(await this.read(size));
    this.#rest = Buffer.concat([bytes, this.#rest]);
    return bytes;
  }

  async *stream(size: number): AsyncGenerator<Buffer> {
    let missing = size;
    while (missing > 0 && (await this.#fill())) {
      const part = this.#take(missing);
      missing -= part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#releaseJoined();
    await this.#chunks.return?.();
  }

  async #join(size: number): Promise<Buffer> {
    this.#releaseJoined();
    const joined = lendMemory(size);
    this.#joined = joined;
    let bytes = 0;
    while (bytes < size && (await this.#fill())) {
      const part = this.#take(size - bytes);
      joined.set(part, bytes);
      bytes += part.length;
    }
    return joined.subarray(0, bytes);
  }

  #releaseJoined(): void {
    if (this.#joined !== null) giveMemoryBack(this.#joined);
    this.#joined = null;
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
      else this.#rest = this.#received(value);
    }
    return this.#rest.length > 0;
  }

  #received(chunk: Uint8Array): Buffer {
    this.#onBytes(chunk);
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}
