import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import type { buildConnector } from "undici";
import createConnector from "undici/lib/core/connect.js";
import type { Reach } from "./addresses.ts";
import { checkedLookup, type Resolve } from "./lookup.ts";

export type Connect = buildConnector.connector;
export type Socket = NonNullable<Parameters<buildConnector.Callback>[1]>;

export interface ConnectOptions {
  readonly reach: Reach;
  readonly resolve: Resolve;
  readonly timeoutMs: number;
  /** Called when a connection is first secured, not before, as reading the root certificates takes time. */
  readonly tls: () => { readonly secureContext?: SecureContext };
  /** True for an origin whose certificate is not checked. */
  readonly isInsecure: (origin: string) => boolean;
  readonly onConnected: (origin: string, socket: Socket) => void;
  /** Whether HTTP/2 is offered to the server. */
  readonly http2: boolean;
}

/** Connects, over TLS where the scheme says so, to addresses within a reach. */
export function createConnect(options: ConnectOptions): Connect {
  const { reach, resolve, timeoutMs, tls, isInsecure, onConnected, http2 } = options;
  const lookup: LookupFunction = checkedLookup(reach, resolve);
  const common = { lookup, timeout: timeoutMs, allowH2: http2, preferH2: http2, port: 0 };
  const plain = createConnector(common);
  // Said, not left to the default: NODE_TLS_REJECT_UNAUTHORIZED would change that.
  const secured = onceMade(() => createConnector({ ...common, ...tls(), rejectUnauthorized: true }));
  // A connector of its own: each keeps TLS sessions, and a session that is resumed brings no certificate to check.
  const insecure = onceMade(() => createConnector({ ...common, rejectUnauthorized: false }));
  return (target, done) => {
    const origin = `${target.protocol}//${target.host ?? ""}`;
    let connector: Connect;
    try {
      connector = target.protocol !== "https:" ? plain : isInsecure(origin) ? insecure() : secured();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), null);
      return;
    }
    connector(target, (...result) => {
      if (result[0] === null) onConnected(origin, result[1]);
      done(...result);
    });
  };
}

function onceMade(make: () => Connect): () => Connect {
  let made: Connect | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Where connections are opened early, and how many. */
export interface WarmRequest {
  readonly origin: URL;
  readonly reach: Reach;
  readonly connect: Connect;
  /** How many requests are to be expected at a time. */
  readonly count: number;
}

/** What was opened for one origin. */
interface Warmth {
  readonly opening: Promise<Socket | null>[];
  /** How many more of them will be of use. */
  wanted: number;
}

/**
 * Connections opened before there is a request for them. Over TLS there is only one at first: a server that speaks HTTP/2
 * needs no other. The others follow once it turns out that it does not.
 */
export class WarmConnections {
  readonly #origins = new Map<string, Warmth>();
  #closed = false;

  open({ origin, reach, connect, count }: WarmRequest): void {
    const key = `${reach} ${origin.origin}`;
    if (this.#origins.has(key) || this.#closed) return;
    const warmth: Warmth = { opening: [], wanted: count };
    this.#origins.set(key, warmth);
    const more = () => {
      while (warmth.opening.length < warmth.wanted && !this.#closed) warmth.opening.push(openOne(origin, connect));
    };
    const first = openOne(origin, connect);
    warmth.opening.push(first);
    if (origin.protocol === "http:") more();
    else void first.then((socket) => socket !== null && !isHttp2(socket) && more());
  }

  /** Hands over a connection that was opened for `origin`, or null when there is none that still lives. */
  take(origin: string, reach: Reach, use: (socket: Socket | null) => void): void {
    const warmth = this.#origins.get(`${reach} ${origin}`);
    if (warmth !== undefined) warmth.wanted -= 1;
    const opening = warmth?.opening.shift() ?? Promise.resolve(null);
    void opening.then((socket) => {
      const alive = socket !== null && !socket.destroyed;
      if (alive) socket.ref();
      use(alive ? socket : null);
    });
  }

  close(): void {
    this.#closed = true;
    for (const opening of [...this.#origins.values()].flatMap((warmth) => warmth.opening))
      void opening.then((socket) => socket?.destroy());
    this.#origins.clear();
  }
}

function openOne(origin: URL, connect: Connect): Promise<Socket | null> {
  return new Promise((settle) => {
    const { protocol, host, port } = origin;
    const hostname = origin.hostname.replace(/^\[|\]$/g, "");
    connect({ protocol, host, hostname, port }, (_error, socket) => {
      socket?.unref();
      settle(socket ?? null);
    });
  });
}

function isHttp2(socket: Socket): boolean {
  return "alpnProtocol" in socket && socket.alpnProtocol === "h2";
}
