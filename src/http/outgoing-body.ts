import { Readable } from "node:stream";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import { shownUrl } from "./failures.ts";
import type { StreamedBody } from "./request-body.ts";

/**
 * One part is read while the one before it is sent, however small: neither waits for the other, and a source that uses the
 * memory of a part again, once the one after the next is requested, does not change what is still to be sent.
 */
const READ_AHEAD_BYTES = 1;
/** Below this, a socket takes a part and asks for more before it is sent: several may be under way, each its own memory. */
const SENT_AT_ONCE_BYTES = 64 * 1024;

export interface OutgoingOptions {
  readonly url: URL;
  /** Called whenever a part is handed over to be sent. */
  readonly onPart: () => void;
  /** Called with the source's error before the stream fails. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The stream of a request's body. A source that fails, or is not as long as it said, ends it before its last bytes are
 * sent, so the server never holds a complete body that its source does not vouch for.
 */
export function outgoingBody(body: StreamedBody, options: OutgoingOptions): Readable {
  const parts = { [Symbol.asyncIterator]: () => new CheckedParts(body, options) };
  const stream = Readable.from(parts, { objectMode: false, highWaterMark: READ_AHEAD_BYTES });
  // The request reports what went wrong; whether the source can be closed no longer matters.
  return stream.on("error", () => undefined);
}

type Result = IteratorResult<Uint8Array, undefined>;

const DONE: Result = { done: true, value: undefined };

/** Not a generator: the network's failures would be thrown into it, and come out as if they were the source's. */
class CheckedParts implements AsyncIterator<Uint8Array, undefined> {
  readonly #body: StreamedBody;
  readonly #options: OutgoingOptions;
  #source: AsyncIterator<Uint8Array> | null = null;
  #read = 0;

  constructor(body: StreamedBody, options: OutgoingOptions) {
    this.#body = body;
    this.#options = options;
  }

  async next(): Promise<Result> {
    try {
      const part = await this.#pull();
      if (this.#read === this.#body.size && part !== null) await this.#expectEnd();
      this.#options.onPart();
      return part === null ? DONE : { done: false, value: part };
    } catch (error) {
      this.#options.onFailure(error);
      throw error;
    }
  }

  async return(): Promise<Result> {
    await this.#source?.return?.();
    return DONE;
  }

  /** Null at the end. */
  async #pull(): Promise<Uint8Array | null> {
    this.#source ??= this.#body.open()[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.#source.next();
      if (done === true) {
        if (this.#read < this.#body.size) throw this.#wrongSize(`${this.#read}`);
        return null;
      }
      this.#read += value.byteLength;
      if (this.#read > this.#body.size) throw this.#wrongSize("more");
      if (value.byteLength >= SENT_AT_ONCE_BYTES) return value;
      if (value.byteLength > 0) return Buffer.from(value);
    }
  }

  async #expectEnd(): Promise<void> {
    if ((await this.#pull()) !== null) throw this.#wrongSize("more");
  }

  #wrongSize(found: string): PkgError {
    const what = `Cannot send to "${shownUrl(this.#options.url)}"`;
    return new PkgError(
      "SIZE_MISMATCH",
      `${what}: expected ${byteCount(this.#body.size)} of the source, found ${found}`,
    );
  }
}
