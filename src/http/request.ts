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

/** An answer of any status; its body can be read once, in one of the three ways. */
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
  /** The whole body; BODY_TOO_LARGE, and the connection dropped, when it is longer than `maxBytes`. */
  readBytes(maxBytes: number): Promise<Buffer>;
  /** Discards the body. */
  discard(): Promise<void>;
}
