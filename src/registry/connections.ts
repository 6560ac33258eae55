import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { networkOf } from "../http/addresses.ts";

/** How many connections there may be, and when one is too slow to be kept while others want its place. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  /** How long, in ms, a client may be silent when it is its turn to send or read. A slow upload is not silent. */
  readonly idleMs: number;
  /** From this age on, in milliseconds, a request has to have moved at least `minBytesPerSecond` to be kept. */
  readonly slowMs: number;
  readonly minBytesPerSecond: number;
}

interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** In milliseconds, from any start. */
  readonly startedAt: number;
  /** Bytes that the connection had received and sent by then. */
  readonly readBefore: number;
  readonly writtenBefore: number;
}

interface Connection {
  readonly key: string;
  readonly socket: Socket;
  readonly network: string;
  readonly exchanged: Set<Exchanged>;
  /** Counts up: the lower, the longer it has been without a request. */
  idleSince: number;
}

/**
 * The open connections. When there are too many, one without a request is closed, of whichever network has most of
 * them: it may be kept open for another request, or its request may never end. Silent clients are dropped in any case.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #open = new Map<string, Connection>();
  #count = 0;

  /** @param now milliseconds, from any start */
  constructor(server: Server, limits: ConnectionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    server.on("connection", (socket: Socket) => this.#admit(socket));
    server.setTimeout(limits.idleMs, (socket: Socket) => this.#onSilence(socket));
  }

  /** To be called for each request. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#open.get(keyOf(socket));
    if (connection === undefined) return;
    const { bytesRead: readBefore, bytesWritten: writtenBefore } = socket;
    const exchanged = { request, response, startedAt: this.#now(), readBefore, writtenBefore };
    connection.exchanged.add(exchanged);
    response.once("close", () => {
      connection.exchanged.delete(exchanged);
      connection.idleSince = this.#next();
    });
  }

  /**
   * Drops the oldest request of those that are too slow, of whichever network makes most requests, for the sake of another
   * one; false if none is.
   */
  dropSlow(request: Pick<IncomingMessage, "socket">): boolean {
    const own = keyOf(request.socket);
    const busy = [...this.#open.values()].filter(({ key, exchanged }) => key !== own && exchanged.size > 0);
    const slow = busy.filter((connection) => [...connection.exchanged].every((each) => this.#isSlow(each)));
    const network = largestNetwork(busy);
    const victims = slow.some((connection) => connection.network === network)
      ? slow.filter((connection) => connection.network === network)
      : slow;
    const victim = lowest(
      victims,
      ({ exchanged }) => lowest([...exchanged], ({ startedAt }) => startedAt)?.startedAt ?? 0,
    );
    this.#drop(victim);
    return victim !== null;
  }

  /** Whether some of an answer has been sent on a connection, and not all of it. */
  isAnswering(socket: Socket): boolean {
    return [...(this.#open.get(keyOf(socket))?.exchanged ?? [])].some(({ response }) => response.headersSent);
  }

  /** Closes all of them, also those that never got as far as a request. */
  dropAll(): void {
    for (const connection of [...this.#open.values()]) this.#drop(connection);
  }

  #admit(socket: Socket): void {
    const key = keyOf(socket);
    const network = networkOf(socket.remoteAddress ?? "");
    const connection = { key, socket, network, exchanged: new Set<Exchanged>(), idleSince: this.#next() };
    this.#open.set(key, connection);
    socket.once("close", () => this.#open.get(key) === connection && this.#open.delete(key));
    if (this.#open.size > this.#limits.maxConnections) this.#dropIdle();
  }

  #dropIdle(): void {
    const idle = [...this.#open.values()].filter(({ exchanged }) => exchanged.size === 0);
    const network = largestNetwork(idle);
    const victim = lowest(
      idle.filter((connection) => connection.network === network),
      ({ idleSince }) => idleSince,
    );
    this.#drop(victim);
  }

  #drop(connection: Connection | null): void {
    if (connection === null) return;
    // Its own event comes later, and it must not be counted until then.
    this.#open.delete(connection.key);
    connection.socket.destroy();
  }

  #isSlow({ request, response, startedAt, readBefore, writtenBefore }: Exchanged): boolean {
    if (waitsForUs(request, response)) return false;
    const ageMs = this.#now() - startedAt;
    const { socket } = request;
    const moved = request.complete ? socket.bytesWritten - writtenBefore : socket.bytesRead - readBefore;
    return ageMs >= this.#limits.slowMs && moved <= (this.#limits.minBytesPerSecond * ageMs) / 1000;
  }

  #onSilence(socket: Socket): void {
    const exchanged = [...(this.#open.get(keyOf(socket))?.exchanged ?? [])];
    const isOurTurn = exchanged.some(({ request, response }) => waitsForUs(request, response));
    if (!isOurTurn) socket.destroy();
    // A timeout fires once; it is set again for the next silence.
    else socket.setTimeout(this.#limits.idleMs);
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

/** The same for a connection and for the TLS that runs over it, which are two sockets. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** The entry with the lowest value, the first of several; null if there are none. */
function lowest<T>(entries: readonly T[], measure: (entry: T) => number): T | null {
  let found: T | null = null;
  for (const entry of entries) if (found === null || measure(entry) < measure(found)) found = entry;
  return found;
}

function largestNetwork(connections: readonly Connection[]): string | undefined {
  const groups = [...Map.groupBy(connections, ({ network }) => network)];
  return lowest(groups, ([, group]) => -group.length)?.[0];
}

/** True if it is not the client's turn: what it sent waits to be read, or it has sent and received all there is. */
function waitsForUs(request: IncomingMessage, response: ServerResponse): boolean {
  const isSending = !request.complete && request.readableLength === 0;
  const isReading = response.writableLength > 0 || request.socket.writableLength > 0;
  return !isSending && !isReading;
}
