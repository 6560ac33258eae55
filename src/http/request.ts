import type { RequestBody } from "./request-body.ts";

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRequest {
  readonly url: URL;
  /** Default GET. */
  readonly method?: HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal: AbortSignal;
  /** The most redirects that are followed; default 5. */
  readonly maxRedirects?: number;
  /** The URL whose answer named this one (a token realm, a `Link`): the request may do what a redirect from it may. */
  readonly namedBy?: URL;
}

/** An answer of any status; its body can be read once, in one of these ways. */
export interface HttpResponse {
  readonly status: number;
  /** A header's value, several joined by ", "; the name in any case. */
  header(name: string): string | null;
  /** Text from the answer as it may be shown: a server may repeat the secrets that were sent to it, or to others. */
  redact(text: string): string;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Bytes as they were sent: no content encoding is undone. Throws NETWORK_TIMEOUT, BODY_TRUNCATED, INTERRUPTED. */
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * The content: the body, decoded if the server encoded it. `size` is that of the content in bytes, null if unknown. Can
   * be read once, as the body. Throws BODY_TRUNCATED for what is damaged, and what `body` does.
   */
  content(size: number | null): AsyncIterable<Uint8Array>;
  /**
   * The whole content, decoded if the server encoded it; BODY_TOO_LARGE, and the connection dropped, when it is longer
   * than `maxBytes`. A body of `size` bytes, if that is known, is the content as it is.
   */
  readBytes(maxBytes: number, size?: number | null): Promise<Buffer>;
  /** Discards the body. */
  discard(): Promise<void>;
}
