import { constants, createGunzip, type Gunzip } from "node:zlib";
import { invalidArchive } from "./archive-error.ts";
import type { ByteInput } from "./byte-reader.ts";
import { isDataError } from "./decompress-stream.ts";
import { refuseRatio } from "./extract-limits.ts";
import { giveMemoryBack, lendMemory } from "./lent-memory.ts";

/** How much is unpacked at a time, at least. */
const STEP_BYTES = 64 * 1024;
/** How much memory is used again and again, unless more is asked for at once: little enough to stay in the processor's cache until it is used. */
const MEMORY_BYTES = 512 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * What Node's own synchronous calls use of a decompressor. It is not documented, but kept for the sake of programs that use it; where it
 * has another form, there is `null` in its place. A test holds the Node of the built program to it.
 */
interface Engine {
  readonly _handle: {
    writeSync(
      ...io: [flush: number, input: Uint8Array, at: number, size: number, output: Uint8Array, to: number, room: number]
    ): void;
  };
  /** After a call: how much room is left in the output, and how much of the input was not read. */
  readonly _writeState: Uint32Array;
}

function isEngine(gunzip: object): gunzip is Engine {
  const { _handle: handle, _writeState: state }: Partial<Engine> = gunzip;
  return typeof handle?.writeSync === "function" && state instanceof Uint32Array;
}

/** How it is unpacked. */
export interface GunzipOptions {
  /** The most bytes that may come out for each byte that went in. */
  readonly maxRatio: number;
  /** Called with each piece that was unpacked. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

/**
 * Reads what is packed with gzip, all members of it. It is unpacked on this thread, as far as it is asked for, and into the same memory
 * again and again: whatever is read of it lies in one piece where it was unpacked, and is in the processor's cache.
 *
 * `read` and `stream` throw {PkgError} ARCHIVE_INVALID for data that is damaged, cut off, followed by other bytes, or exceeds the ratio;
 * and whatever the source throws.
 *
 * @returns null when Node does not have what this takes. Its streams allocate every piece of what they unpack, which costs more than to
 *   unpack it: memory that was not used before has to be cleared, is in no cache, and makes V8 collect garbage.
 */
export function gunzipInPlace(source: AsyncIterable<Uint8Array>, options: GunzipOptions): ByteInput | null {
  const gunzip = createGunzip();
  if (isEngine(gunzip)) return new GunzipReader(gunzip, source, options);
  gunzip.destroy();
  return null;
}

class GunzipReader implements ByteInput {
  readonly #gunzip: Gunzip & Engine;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #options: GunzipOptions;
  readonly #own: Buffer = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  /** What lies between `start` and `end` was not read yet. It is lent where so much is asked for at once. */
  #memory: Buffer = this.#own;
  #start = 0;
  #end = 0;
  /** Packed, of which the last bytes were not unpacked yet. */
  #input: Uint8Array = NOTHING;
  #unread = 0;
  #flush: number = constants.Z_NO_FLUSH;
  /** Whether the decompressor may have more without another byte. */
  #hasMore = false;
  #bytes = 0;
  #packedBytes = 0;

  constructor(gunzip: Gunzip & Engine, source: AsyncIterable<Uint8Array>, options: GunzipOptions) {
    // It is thrown below, too.
    gunzip.on("error", () => {});
    this.#gunzip = gunzip;
    this.#source = source[Symbol.asyncIterator]();
    this.#options = options;
  }

  read(size: number): Buffer | Promise<Buffer> {
    return this.#unpackTo(size) ? this.#take(size) : this.#readLater(size);
  }

  async peek(size: number): Promise<Buffer> {
    const bytes = await this.read(size);
    this.#start -= bytes.length;
    return bytes;
  }

  async *stream(size: number): AsyncGenerator<Buffer> {
    for (let missing = size; missing > 0; ) {
      const part = await this.read(Math.min(missing, STEP_BYTES));
      if (part.length === 0) return;
      missing -= part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    this.#gunzip.destroy();
    this.#release(this.#memory);
    this.#memory = this.#own;
    await this.#source.return?.();
  }

  async #readLater(size: number): Promise<Buffer> {
    while (await this.#receive()) {
      if (this.#unpackTo(size)) return this.#take(size);
    }
    return this.#take(this.#end - this.#start);
  }

  #take(size: number): Buffer {
    const start = this.#start;
    this.#start += size;
    return this.#memory.subarray(start, this.#start);
  }

  /** False when packed bytes are missing for that. */
  #unpackTo(size: number): boolean {
    for (let held = this.#end - this.#start; held < size; held = this.#end - this.#start) {
      if (!this.#hasMore) return false;
      if (this.#isFull(size)) this.#makeRoom(size);
      this.#unpack(Math.min(Math.max(size - held, STEP_BYTES), this.#memory.length - this.#end));
    }
    return true;
  }

  #isFull(size: number): boolean {
    if (size > MEMORY_BYTES) return this.#start > 0 || size > this.#memory.length;
    return this.#start + Math.max(size, STEP_BYTES) > MEMORY_BYTES;
  }

  /** Moves what was not read to the start of memory that is large enough. */
  #makeRoom(size: number): void {
    const before = this.#memory;
    if (size > before.length) this.#memory = lendMemory(size);
    if (size <= MEMORY_BYTES) this.#memory = this.#own;
    before.copy(this.#memory, 0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    if (before !== this.#memory) this.#release(before);
  }

  #release(memory: Buffer): void {
    if (memory !== this.#own) giveMemoryBack(memory);
  }

  #unpack(room: number): void {
    const { _handle: handle, _writeState: state } = this.#gunzip;
    const [input, unread] = [this.#input, this.#unread];
    handle.writeSync(this.#flush, input, input.byteLength - unread, unread, this.#memory, this.#end, room);
    if (this.#gunzip.errored !== null) throw inWords(this.#gunzip.errored);
    const [left = 0, unreadNow = 0] = state;
    this.#unread = unreadNow;
    this.#hasMore = left === 0;
    this.#add(room - left);
    if (!this.#hasMore && unreadNow > 0) throw invalidArchive("its gzip data is followed by other bytes");
  }

  #add(bytes: number): void {
    const { maxRatio, onBytes } = this.#options;
    this.#bytes += bytes;
    refuseRatio({ bytes: this.#bytes, packedBytes: this.#packedBytes, maxRatio });
    onBytes?.(this.#memory.subarray(this.#end, this.#end + bytes));
    this.#end += bytes;
  }

  /** Waits for more packed bytes. False when all were there before. */
  async #receive(): Promise<boolean> {
    if (this.#flush === constants.Z_FINISH) return false;
    const { value, done } = await this.#source.next();
    if (done === true) this.#flush = constants.Z_FINISH;
    this.#input = done === true ? NOTHING : value;
    this.#unread = this.#input.byteLength;
    this.#packedBytes += this.#unread;
    this.#hasMore = done === true || this.#unread > 0;
    return true;
  }
}

function inWords(error: Error): Error {
  return isDataError(error) ? invalidArchive("its gzip data is truncated or damaged", error) : error;
}
