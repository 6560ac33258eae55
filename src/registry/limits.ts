import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "./problem.ts";

/** What one client, or all together, may take of the registry. */
export interface Limits {
  /** Of one body, and of one upload in several; Infinity: no limit. */
  readonly maxBodyBytes: number;
  /** Requests answered at a time; what comes beside them is asked to come back. */
  readonly maxRequests: number;
  /** Silence of a client that is to send or to read; a long upload that goes on is none. */
  readonly idleMs: number;
  /** Until a request's head has arrived. */
  readonly headersMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxBodyBytes: Number.POSITIVE_INFINITY,
  maxRequests: 1000,
  idleMs: 60_000,
  headersMs: 30_000,
};

/** Of a request's head. */
export const MAX_HEAD_BYTES = 16 * 1024;

/** How often the time a head takes is looked at. */
export const HEADERS_CHECK_MS = 5_000;

/** How long what is left of a refused body is read, so that the client gets to see the answer. */
const LINGER_MS = 3_000;

/** Lets so many requests in at a time. */
export class Gate {
  readonly #max: number;
  #inside = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Lets a request in until its answer is closed. @throws {Problem} TOOMANYREQUESTS */
  enter(response: ServerResponse): void {
    if (this.#inside >= this.#max) {
      const headers = { "retry-after": "1", connection: "close" };
      throw new Problem("TOOMANYREQUESTS", `${this.#max} requests are being answered already`, { headers });
    }
    this.#inside += 1;
    response.once("close", () => {
      this.#inside -= 1;
    });
  }
}

/** Refuses a body that says it is too large. @throws {Problem} SIZE_INVALID with status 413 */
export function refuseLargeBody(request: IncomingMessage, maxBytes: number): void {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length <= maxBytes) return;
  throw new Problem("SIZE_INVALID", `body of ${length} bytes exceeds ${maxBytes} bytes`, { status: 413 });
}

/**
 * Drops the connection some time after an answer that did not wait for the whole body: no client is read to the end
 * only because it goes on sending.
 */
export function lingerAfter(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete) return;
    const { socket } = request;
    const drop = setTimeout(() => socket.destroy(), LINGER_MS);
    drop.unref();
    const forget = () => {
      clearTimeout(drop);
      // The connection outlives the request, and may bring many more.
      socket.off("close", forget);
    };
    request.once("close", forget);
    socket.once("close", forget);
  });
}

/** Closes connections whose client keeps silent: a body that does not go on, an answer that nobody reads, no request. */
export class SilenceGuard {
  readonly #idleMs: number;
  readonly #answering = new WeakMap<Socket, { readonly request: IncomingMessage; readonly response: ServerResponse }>();

  constructor(server: Server, idleMs: number) {
    this.#idleMs = idleMs;
    server.setTimeout(idleMs, (socket: Socket) => this.#onSilence(socket));
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    this.#answering.set(request.socket, { request, response });
    response.once("close", () => this.#answering.delete(request.socket));
  }

  #onSilence(socket: Socket): void {
    const now = this.#answering.get(socket);
    if (now === undefined || !waitsForUs(now.request, now.response)) socket.destroy();
    // A timeout comes once; the next silence is to be noticed too.
    else socket.setTimeout(this.#idleMs);
  }
}

/** True when the client did its part: what it sent lies here unread, or all of it is here and nothing is left to be read by it. */
function waitsForUs(request: IncomingMessage, response: ServerResponse): boolean {
  const isSending = !request.complete && request.readableLength === 0;
  const isReading = response.writableLength > 0 || request.socket.writableLength > 0;
  return !isSending && !isReading;
}
