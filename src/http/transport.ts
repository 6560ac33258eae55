import { X509Certificate } from "node:crypto";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";
import { PkgError } from "../errors.ts";
import { addressKind, type Reach } from "./addresses.ts";
import { type Connect, createConnect, type Socket, WarmConnections } from "./connections.ts";
import type { Resolve } from "./lookup.ts";
import { type NamedProxy, type ProxyOptions, proxyFor } from "./proxy.ts";

/** How far a server may send ahead over HTTP/2, per stream and connection. Less would cap a distant server's speed. */
const STREAM_WINDOW_BYTES = 8 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 32 * 1024 * 1024;

const KEEP_ALIVE_MS = 15_000;

export interface TransportOptions {
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly connectionsPerOrigin: number;
  readonly proxy: ProxyOptions;
  readonly ca: string | null | (() => string | null);
  readonly resolve: Resolve;
  /** Origins whose certificates are not checked: the origin of each connection decides, not what redirected to it. */
  readonly insecureOrigins?: ReadonlySet<string>;
}

/** How near a request may go, and whether HTTP/2 is offered. */
interface Way {
  readonly reach: Reach;
  readonly http2: boolean;
}

/** The pools of connections: one for each reach, and one for each proxy. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #agents = new Map<string, Dispatcher>();
  readonly #connects = new Map<string, Connect>();
  readonly #connectedKinds = new Map<string, Reach>();
  readonly #warm = new WarmConnections();
  #tlsOptions: { readonly secureContext?: SecureContext } | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** What a request to `url` goes through; null: nothing. @throws {PkgError} CONFIG_INVALID */
  proxyFor(url: URL): NamedProxy | null {
    return proxyFor(url, this.#options.proxy);
  }

  /** @throws {PkgError} CONFIG_INVALID when the proxy or the CA certificates cannot be used */
  async dispatcherFor(url: URL, { reach, http2 }: Way): Promise<Dispatcher> {
    const proxy = proxyFor(url, this.#options.proxy);
    const version = http2 ? "" : " http1";
    if (proxy === null) {
      const key = `${reach}${version}`;
      return this.#agents.get(key) ?? this.#keep(key, this.#direct({ reach, http2 }));
    }
    const { createProxyDispatcher } = await import("./proxy-dispatcher.ts");
    const isInsecure = this.#isInsecure(url.origin);
    const key = `${proxy.url.href} ${url.protocol} ${isInsecure ? "insecure" : ""}${version}`;
    const tls = { ...this.#tls(), timeout: this.#options.connectTimeoutMs, isInsecure };
    return this.#agents.get(key) ?? this.#keep(key, createProxyDispatcher(proxy.url, this.#pool(http2), tls));
  }

  /** Opens connections to `origin` for the next `count` requests to use; a failure now is reported by these. */
  warm(origin: URL, reach: Reach, count: number): void {
    if (proxyFor(origin, this.#options.proxy) !== null) return;
    const connect = this.#connect({ reach, http2: true });
    this.#warm.open({ origin, reach, connect, count: Math.min(count, this.#options.connectionsPerOrigin) });
  }

  /** What kind of address `origin` was last reached at, as far as that is known. */
  reachedKind(origin: string): Reach | null {
    return this.#connectedKinds.get(origin) ?? null;
  }

  async close(): Promise<void> {
    this.#warm.close();
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }

  #keep(key: string, dispatcher: Dispatcher): Dispatcher {
    this.#agents.set(key, dispatcher);
    return dispatcher;
  }

  #direct({ reach, http2 }: Way): Dispatcher {
    const connect = this.#connect({ reach, http2 });
    if (!http2) return new Agent({ ...this.#pool(http2), connect });
    return new Agent({
      ...this.#pool(http2),
      connect: (options, done) => {
        const origin = `${options.protocol}//${options.host}`;
        this.#warm.take(origin, reach, (socket) => (socket === null ? connect(options, done) : done(null, socket)));
      },
    });
  }

  #connect({ reach, http2 }: Way): Connect {
    const key = `${reach} ${http2}`;
    const known = this.#connects.get(key);
    if (known !== undefined) return known;
    const { resolve, connectTimeoutMs } = this.#options;
    const onConnected = (origin: string, socket: Socket) => this.#note(origin, socket);
    const connect = createConnect({
      reach,
      resolve,
      timeoutMs: connectTimeoutMs,
      tls: () => this.#tls(),
      isInsecure: (origin) => this.#isInsecure(origin),
      onConnected,
      http2,
    });
    this.#connects.set(key, connect);
    return connect;
  }

  #isInsecure(origin: string): boolean {
    return this.#options.insecureOrigins?.has(origin) ?? false;
  }

  #note(origin: string, socket: Socket): void {
    const kind = addressKind(socket.remoteAddress ?? "");
    if (kind !== "forbidden") this.#connectedKinds.set(origin, kind);
  }

  #pool(http2: boolean) {
    const { connectionsPerOrigin, idleTimeoutMs } = this.#options;
    return {
      connections: connectionsPerOrigin,
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      allowH2: http2,
      initialWindowSize: STREAM_WINDOW_BYTES,
      connectionWindowSize: CONNECTION_WINDOW_BYTES,
    };
  }

  /** Made only once, as reading the root certificates takes longer than a handshake. */
  #tls(): { readonly secureContext?: SecureContext } {
    if (this.#tlsOptions === null) {
      const { ca: given } = this.#options;
      const ca = typeof given === "function" ? given() : given;
      this.#tlsOptions = ca === null ? {} : { secureContext: trusting(ca) };
    }
    return this.#tlsOptions;
  }
}

function trusting(ca: string): SecureContext {
  try {
    // A secure context silently leaves out what is not a certificate.
    new X509Certificate(ca);
    return createSecureContext({ ca: [...getCACertificates("default"), ca] });
  } catch (cause) {
    throw new PkgError("CONFIG_INVALID", "Cannot use the added CA certificates: they are not PEM", { cause });
  }
}
