import { constants, createGunzip, type Gunzip } from "node:zlib";

/** How much is unpacked at a time: little enough to stay in the processor's cache until it is read. */
const OUTPUT_BYTES = 256 * 1024;

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

/** Unpacks gzip on this thread, into the same memory again and again. */
export interface InPlaceGunzip {
  /**
   * Unpacks all members of a stream. Each piece may be used until the next one is asked for.
   *
   * @returns how many bytes at the end were not read, as they belong to no member
   * @throws {Error} as Node's decompressor, with its codes; and whatever the source throws
   */
  unpack(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, number>;
}

/**
 * Null when Node does not have what this takes. Its streams allocate every piece of what they unpack, which costs more than to unpack it: memory
 * that was not used before has to be cleared, is in no cache, and makes V8 collect garbage.
 */
export function createInPlaceGunzip(): InPlaceGunzip | null {
  const gunzip = createGunzip();
  if (!isEngine(gunzip)) {
    gunzip.destroy();
    return null;
  }
  return { unpack: (source) => unpack(gunzip, source) };
}

async function* unpack(gunzip: Gunzip & Engine, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, number> {
  // It is thrown below, too.
  gunzip.on("error", () => {});
  const output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  try {
    for await (const input of source) {
      const unread = yield* inflate(gunzip, { flush: constants.Z_NO_FLUSH, input, output });
      if (unread > 0) return unread;
    }
    return yield* inflate(gunzip, { flush: constants.Z_FINISH, input: Buffer.alloc(0), output });
  } finally {
    gunzip.destroy();
  }
}

interface Step {
  readonly flush: number;
  readonly input: Uint8Array;
  readonly output: Buffer;
}

/** @returns how much of the input was not read, because the data ends before it */
function* inflate(gunzip: Gunzip & Engine, { flush, input, output }: Step): Generator<Uint8Array, number> {
  for (let [room, unread] = [0, input.byteLength]; ; ) {
    gunzip._handle.writeSync(flush, input, input.byteLength - unread, unread, output, 0, output.byteLength);
    if (gunzip.errored !== null) throw gunzip.errored;
    [room = 0, unread = 0] = gunzip._writeState;
    if (room < output.byteLength) yield output.subarray(0, output.byteLength - room);
    if (room > 0) return unread;
  }
}
