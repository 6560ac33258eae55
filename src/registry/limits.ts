import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "./problem.ts";
import type { UploadLimits } from "./upload-table.ts";

/** How much one client, or all clients together, may demand from the registry. */
export interface Limits extends UploadLimits {
  /** Bytes of one body, and of one upload in several bodies; Infinity: no limit. */
  readonly maxBodyBytes: number;
  /** Requests answered at a time; further ones are told to try again later. */
  readonly maxRequests: number;
  /** How long, in ms, a client may be silent when it is its turn to send or read. A slow upload is not silent. */
  readonly idleMs: number;
  /** How long a request's head may take to arrive, in milliseconds. */
  readonly headersMs: number;
  /** Bytes that stay free on the disk: nothing is stored once there are fewer. */
  readonly reserveBytes: number;
}

/** The default limits. */
export const DEFAULT_LIMITS: Limits = {
  maxBodyBytes: Number.POSITIVE_INFINITY,
  maxRequests: 1000,
  idleMs: 60_000,
  headersMs: 30_000,
  reserveBytes: 64 * 1024 * 1024,
  maxUploads: 1024,
  maxUploadsPerClient: 256,
  maxUnfinishedBytes: 64 * 1024 ** 3,
  emptyUploadMs: 15 * 60_000,
};

/** The largest head of a request, in bytes. */
export const MAX_HEAD_BYTES = 16 * 1024;

/** How often it is checked whether a head has taken too long, in milliseconds. */
export const HEADERS_CHECK_MS = 5_000;

/** How long the rest of a refused body is read, in milliseconds, so that the client gets to see the answer. */
const LINGER_MS = 3_000;

/** Lets a limited number of requests in at a time. */
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

/** Refuses a body whose `Content-Length` is too large. @throws {Problem} SIZE_INVALID with status 413 */
export function refuseLargeBody(request: IncomingMessage, maxBytes: number): void {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length <= maxBytes) return;
  throw new Problem("SIZE_INVALID", `body of ${length} bytes exceeds ${maxBytes} bytes`, { status: 413 });
}

/**
 * Drops the connection some time after an answer that did not wait for the whole body, so that the rest of a long body
 * is not read.
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

/** Closes connections of silent clients, which stop sending a body, do not read their answer, or send no request. */
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
    // A timeout fires once; it is set again for the next silence.
    else socket.setTimeout(this.#idleMs);
  }
}

/** True if it is not the client's turn: what it sent waits to be read, or it has sent and received all there is. */
function waitsForUs(request: IncomingMessage, response: ServerResponse): boolean {
  const isSending = !request.complete && request.readableLength === 0;
  const isReading = response.writableLength > 0 || request.socket.writableLength > 0;
  return !isSending && !isReading;
}
