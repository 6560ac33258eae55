import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { steadyClock } from "../base/steady-clock.ts";
import { PkgError } from "../errors.ts";
import { Body } from "./body.ts";
import { bodyFailure, interruptedRequest, requestFailure, shownUrl } from "./failures.ts";
import { outgoingBody } from "./outgoing-body.ts";
import type { NamedProxy } from "./proxy.ts";
import type { Hop } from "./redirect.ts";
import { isStreamed, type StreamedBody } from "./request-body.ts";
import { ThroughputFloor } from "./throughput.ts";

type Headers = NonNullable<Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2]>;

/** Informational answers (1xx) that are read before the real one. */
const MAX_INTERIM_ANSWERS = 16;

/** The head of a response that has arrived, its body still to come; redirects are not followed here. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
  readonly url: URL;
  readonly body: Body;
}

/** A request that has ended, for whoever wants to know what was sent. */
export interface EndedRequest {
  readonly method: string;
  readonly url: URL;
  /** Null if there was no answer. */
  readonly status: number | null;
  /** Of the answer's body, as far as it was received. */
  readonly receivedBytes: number;
  /** Of the request's body; 0 without one. */
  readonly sentBytes: number;
  /** Why it ended before its answer did; null if it did not. */
  readonly failure: PkgError | null;
}

export interface SendOptions {
  /** What the request goes through; null: nothing. */
  readonly proxy: NamedProxy | null;
  readonly signal: AbortSignal;
  /** How long the answer may be waited for, in ms, however many informational ones come before it. */
  readonly idleTimeoutMs: number;
  readonly minBytesPerSecond: number;
  readonly throughputWindowMs: number;
  /** Called whenever the request is put on the wire. */
  readonly onSend: () => void;
  /** Called once the request is over, also if it never reached the server. */
  readonly onEnd?: ((exchange: EndedRequest) => void) | undefined;
}

/**
 * Sends one request and waits for the head of its response. Informational answers, each of which restarts the wait in
 * undici, are no progress: sending more of the request is.
 *
 * @throws {PkgError} NETWORK_FAILED, NETWORK_TIMEOUT, TLS_UNTRUSTED, ADDRESS_FORBIDDEN, INTERRUPTED; HTTP_UNEXPECTED for
 * informational answers without end (RFC 9110, section 15.2)
 */
export function sendOnce(dispatcher: Dispatcher, hop: Hop, options: SendOptions): Promise<ResponseHead> {
  const pending = new PendingRequest(hop, options);
  if (options.signal.aborted) return Promise.reject(interruptedRequest(hop.url, options.signal.reason));
  pending.start(dispatcher, hop);
  return pending.head;
}

class PendingRequest implements Dispatcher.DispatchHandler {
  readonly #url: URL;
  readonly #options: SendOptions;
  readonly #head = Promise.withResolvers<ResponseHead>();
  #controller: Dispatcher.DispatchController | null = null;
  #body: Body | null = null;
  #interimAnswers = 0;
  /** When the request, or its latest part, was handed over to be sent. */
  #waitingSinceMs = 0;
  #failure: PkgError | null = null;
  #sourceFailure: { readonly error: unknown } | null = null;
  readonly #hop: Hop;
  #status: number | null = null;
  #receivedBytes = 0;
  #isTold = false;

  constructor(hop: Hop, options: SendOptions) {
    this.#hop = hop;
    this.#url = hop.url;
    this.#options = options;
  }

  get head(): Promise<ResponseHead> {
    return this.#head.promise;
  }

  start(dispatcher: Dispatcher, { url, method, headers, body }: Hop): void {
    this.#options.signal.addEventListener("abort", this.#onAbort, { once: true });
    const path = url.pathname + url.search;
    // By default, undici closes a connection after a HEAD, as a server might send a body. One that does ends its connection so:
    // what it sends is no answer. With others, each blob that is asked about would cost a handshake.
    const common = { origin: url.origin, path, method, ...(method === "HEAD" ? { reset: false } : {}) };
    try {
      if (isStreamed(body)) {
        const length = { "content-length": String(body.size) };
        dispatcher.dispatch({ ...common, headers: { ...headers, ...length }, body: this.#outgoing(body) }, this);
      } else {
        dispatcher.dispatch({ ...common, headers, body: toBuffer(body) }, this);
      }
    } catch (error) {
      this.#fail(requestFailure(error, url, this.#options.proxy));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // A request that was given up while it waited for a connection is never sent.
    if (this.#failure !== null) controller.abort(this.#failure);
    else this.#options.onSend();
    this.#waitingSinceMs = steadyClock();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      this.#countInterim(status);
      return;
    }
    const { minBytesPerSecond, throughputWindowMs } = this.#options;
    const control = {
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      drop: (reason: PkgError) => this.#drop(reason),
    };
    this.#body = new Body(this.#url, control, new ThroughputFloor(minBytesPerSecond, throughputWindowMs));
    this.#status = status;
    this.#head.resolve({ status, headers, url: this.#url, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#stopListening();
    this.#tellEnd(null);
    // The pool takes the connection back in an immediate of its own, queued once this returns. Ending after it lets the
    // request that the consumer sends next find that connection, where it would open another.
    queueMicrotask(() => setImmediate(() => this.#body?.end()));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(
      this.#body === null ? requestFailure(error, this.#url, this.#options.proxy) : bodyFailure(error, this.#url),
    );
  }

  #countInterim(status: number): void {
    this.#interimAnswers += 1;
    const what = `Cannot reach "${shownUrl(this.#url)}": expected an answer, found`;
    if (this.#interimAnswers > MAX_INTERIM_ANSWERS) {
      const found = `more than ${MAX_INTERIM_ANSWERS} informational ones, the last ${status}`;
      this.#giveUp(new PkgError("HTTP_UNEXPECTED", `${what} ${found}`));
    } else if (steadyClock() - this.#waitingSinceMs > this.#options.idleTimeoutMs) {
      const found = `nothing but informational ones for ${this.#options.idleTimeoutMs / 1000} s, the last ${status}`;
      this.#giveUp(new PkgError("NETWORK_TIMEOUT", `${what} ${found}`));
    }
  }

  #giveUp(error: PkgError): void {
    this.#fail(error);
    this.#controller?.abort(error);
  }

  readonly #onAbort = (): void => {
    const error = interruptedRequest(this.#url, this.#options.signal.reason);
    if (this.#body === null) this.#giveUp(error);
    else this.#body.interrupt(error);
  };

  /** A source that fails ends the request with its own error: the network had no part in it. */
  #outgoing(body: StreamedBody): Readable {
    const onFailure = (error: unknown) => {
      this.#sourceFailure ??= { error };
      this.#controller?.abort(requestFailure(error, this.#url, this.#options.proxy));
    };
    const onPart = () => {
      this.#waitingSinceMs = steadyClock();
    };
    return outgoingBody(body, { url: this.#url, onPart, onFailure });
  }

  #fail(error: PkgError): void {
    this.#stopListening();
    this.#tellEnd(error);
    this.#failure ??= error;
    if (this.#body === null) this.#head.reject(this.#sourceFailure === null ? error : this.#sourceFailure.error);
    else this.#body.fail(error);
  }

  #drop(reason: PkgError): void {
    this.#stopListening();
    this.#tellEnd(reason);
    this.#controller?.abort(reason);
  }

  #tellEnd(failure: PkgError | null): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { method, url, body } = this.#hop;
    const sentBytes = isStreamed(body) ? body.size : (toBuffer(body)?.length ?? 0);
    const [status, receivedBytes] = [this.#status, this.#receivedBytes];
    this.#options.onEnd?.({ method, url, status, receivedBytes, sentBytes, failure });
  }

  #stopListening(): void {
    this.#options.signal.removeEventListener("abort", this.#onAbort);
  }
}

function toBuffer(body: Uint8Array | string | null): Buffer | null {
  if (body === null) return null;
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
