import type { IncomingMessage, ServerResponse } from "node:http";
import { byteCount } from "../base/format-bytes.ts";
import type { ConnectionLimits } from "./connections.ts";
import { Problem } from "./problem.ts";
import type { UploadLimits } from "./upload-table.ts";

/** How much one client, or all clients together, may demand from the registry. */
export interface Limits extends UploadLimits, Omit<ConnectionLimits, "maxConnections"> {
  /** Bytes of one body, and of one upload in several bodies; Infinity: no limit. */
  readonly maxBodyBytes: number;
  /** Requests answered at a time; further ones are told to try again later. */
  readonly maxRequests: number;
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
  slowMs: 5_000,
  minBytesPerSecond: 1024,
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
  readonly #makeRoom: (request: IncomingMessage) => boolean;
  #inside = 0;

  /** @param makeRoom drops a request that is not worth its place for another one; false if there is none */
  constructor(max: number, makeRoom: (request: IncomingMessage) => boolean) {
    this.#max = max;
    this.#makeRoom = makeRoom;
  }

  /** Lets a request in until its answer is closed. @throws {Problem} TOOMANYREQUESTS */
  enter(request: IncomingMessage, response: ServerResponse): void {
    if (this.#inside >= this.#max && !this.#makeRoom(request)) {
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
  throw new Problem("SIZE_INVALID", `body of ${byteCount(length)} exceeds ${byteCount(maxBytes)}`, { status: 413 });
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
