import { EventEmitter } from "node:events";
import { fstatSync, type Stats, writeSync } from "node:fs";
import { systemCode } from "../errors.ts";
import { openPipeAgain } from "../fs/open-again.ts";
import type { OutputStream } from "./world.ts";

/** `/dev/null`: major 1, minor 3. @see https://www.kernel.org/doc/Documentation/admin-guide/devices.txt */
const NULL_DEVICE = 0x103;

type Done = (error?: Error | null) => void;

/**
 * A standard output as a stream. A file, a pipe and the null device are written to as they are: for Node's own stream it loads
 * all streams and sockets, which takes as long as a short command does. Anything else, such as a terminal, is `open()`.
 *
 * @param descriptor 1 or 2, of this process
 * @param open Node's own stream
 */
export function standardOutput(descriptor: number, open: () => OutputStream): OutputStream {
  const quick = quickDescriptor(descriptor);
  return quick === null ? open() : new QuickOutput(quick, open);
}

/** What can be written to without ever waiting, as a stream does; null if it is nothing of the kind. */
function quickDescriptor(descriptor: number): number | null {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile() || isNullDevice(stats)) return descriptor;
    if (!stats.isFIFO()) return null;
    // The pipe once more, as others who have it open share whether the one that was inherited waits.
    return openPipeAgain(descriptor);
  } catch {
    return null;
  }
}

function isNullDevice(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === NULL_DEVICE;
}

/** Writes at once; what a full pipe does not take, and all that comes after it, goes to the stream that `open` gives. */
class QuickOutput extends EventEmitter implements NodeJS.WritableStream {
  readonly #descriptor: number;
  readonly #open: () => OutputStream;
  #stream: OutputStream | null = null;
  #isBroken = false;

  constructor(descriptor: number, open: () => OutputStream) {
    super();
    this.#descriptor = descriptor;
    this.#open = open;
  }

  get writable(): boolean {
    return this.#stream?.writable ?? !this.#isBroken;
  }

  write(chunk: Uint8Array | string, encoding?: BufferEncoding | Done, callback?: Done): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, encodingOf(encoding)) : chunk;
    const rest = this.#stream === null && !this.#isBroken ? this.#writeNow(bytes) : bytes;
    if (!this.#isBroken && (rest.length > 0 || this.#stream !== null)) return this.#streamed().write(rest, done);
    if (done !== undefined) process.nextTick(done);
    return !this.#isBroken;
  }

  end(
    chunk?: Uint8Array | string | (() => void),
    encoding?: BufferEncoding | (() => void),
    callback?: () => void,
  ): this {
    const done = [chunk, encoding, callback].find((each) => typeof each === "function");
    if (chunk !== undefined && typeof chunk !== "function") this.write(chunk, encodingOf(encoding));
    this.write("", () => done?.());
    return this;
  }

  /** Returns what the pipe has no room for. */
  #writeNow(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest));
    } catch (error) {
      if (systemCode(error) !== "EAGAIN") this.#break(error);
    }
    return rest;
  }

  #break(error: unknown): void {
    this.#isBroken = true;
    process.nextTick(() => {
      this.emit("error", error);
      this.emit("close");
    });
  }

  #streamed(): OutputStream {
    if (this.#stream !== null) return this.#stream;
    this.#stream = this.#open();
    for (const name of ["error", "drain", "close"]) {
      this.#stream.on(name, (...values: unknown[]) => this.emit(name, ...values));
    }
    return this.#stream;
  }
}

function encodingOf(encoding: BufferEncoding | (() => void) | Done | undefined): BufferEncoding {
  return typeof encoding === "string" ? encoding : "utf8";
}
