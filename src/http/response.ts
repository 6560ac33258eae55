import { byteCount } from "../base/format-bytes.ts";
import type { Secrets } from "../base/secrets.ts";
import { PkgError } from "../errors.ts";
import type { Body } from "./body.ts";
import { type ContentDecoders, contentCoding, decodeBytes, decodedBody, isCoded, sentLimit } from "./content-coding.ts";
import { shownUrl } from "./failures.ts";
import type { HttpResponse } from "./request.ts";
import type { ResponseHead } from "./send-once.ts";

/** How much of an unwanted body is read, and how long that may take: reading it is cheaper than a new connection. */
const MAX_DRAINED_BYTES = 16 * 1024;
const MAX_DRAINING_MS = 250;

/** A response as the rest of the program sees it. */
export class Response implements HttpResponse {
  readonly #head: ResponseHead;
  readonly #secrets: Secrets;
  readonly #decoders: ContentDecoders | null;

  constructor(head: ResponseHead, secrets: Secrets, decoders: ContentDecoders | null) {
    this.#head = head;
    this.#secrets = secrets;
    this.#decoders = decoders;
  }

  get status(): number {
    return this.#head.status;
  }

  get url(): URL {
    return this.#head.url;
  }

  get body(): Body {
    return this.#head.body;
  }

  redact(text: string): string {
    return this.#secrets.redactForeign(text);
  }

  header(name: string): string | null {
    const key = name.toLowerCase();
    const value = Object.hasOwn(this.#head.headers, key) ? this.#head.headers[key] : undefined;
    if (value === undefined) return null;
    return typeof value === "string" ? value : value.join(", ");
  }

  content(size: number | null): AsyncIterable<Uint8Array> {
    const coding = contentCoding(this);
    const isPlain = coding === null || this.#decoders === null || !isCoded(this, size);
    return isPlain ? this.body : decodedBody(this, coding, this.#decoders);
  }

  async readBytes(maxBytes: number, size: number | null = null): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    const limit = sentLimit(this, maxBytes);
    let bytes = this.#declaredBytes() ?? 0;
    if (bytes > limit) return this.#refuse(maxBytes);
    bytes = 0;
    for await (const chunk of this.body) {
      bytes += chunk.length;
      if (bytes > limit) return this.#refuse(maxBytes);
      chunks.push(chunk);
    }
    const content = decodeBytes(this, Buffer.concat(chunks, bytes), { decoders: this.#decoders, maxBytes, size });
    return content ?? this.#refuse(maxBytes);
  }

  async discard(): Promise<void> {
    const bytes = this.#declaredBytes() ?? 0;
    if (bytes > MAX_DRAINED_BYTES) await this.body.return();
    else await drain(this.body);
  }

  async #refuse(maxBytes: number): Promise<never> {
    await this.body.return();
    const message = `Cannot read the answer of "${shownUrl(this.url)}": it is longer than ${byteCount(maxBytes)}`;
    throw new PkgError("BODY_TOO_LARGE", message);
  }

  #declaredBytes(): number | null {
    const value = this.header("content-length");
    return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
  }
}

/** Reads a short body to its end; drops one that turns out to be long or slow. */
async function drain(body: Body): Promise<void> {
  const timer = setTimeout(() => void body.return(), MAX_DRAINING_MS);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > MAX_DRAINED_BYTES) break;
    }
  } catch (error) {
    // How an unwanted body ends does not matter.
    if (!(error instanceof PkgError)) throw error;
  } finally {
    clearTimeout(timer);
  }
}
