import { createSecrets, type Secrets } from "../base/secrets.ts";
import { PkgError } from "../errors.ts";
import { addressKind, isLoopbackHost, literalAddress, type Reach, reaches } from "./addresses.ts";
import type { ContentDecoders } from "./content-coding.ts";
import { shownUrl } from "./failures.ts";
import { addressForbidden, type Resolve, systemResolve } from "./lookup.ts";
import { onlineHint } from "./online-hint.ts";
import type { ProxyOptions } from "./proxy.ts";
import {
  assertNoDowngrade,
  DEFAULT_MAX_REDIRECTS,
  type Hop,
  nextHop,
  RedirectTrail,
  redirectLocation,
} from "./redirect.ts";
import type { HttpRequest, HttpResponse } from "./request.ts";
import { isStreamed } from "./request-body.ts";
import { Response } from "./response.ts";
import { type EndedRequest, type ResponseHead, sendOnce } from "./send-once.ts";
import { noteProxies, noteRequest } from "./sent-secrets.ts";
import { Transport, type TransportOptions } from "./transport.ts";

export interface HttpClientOptions {
  readonly userAgent: string;
  /** How long the server may be silent, in ms, before the answer or within its body; usually 30 s. */
  readonly idleTimeoutMs: number;
  /** The lowest rate at which a body may arrive, over a sliding window of waiting for it; usually 1024; 0: no limit. */
  readonly minBytesPerSecond: number;
  /** The length of that window, in ms; default 30 s. */
  readonly throughputWindowMs?: number;
  readonly connectTimeoutMs: number;
  readonly connectionsPerOrigin: number;
  /** Origins that the config or the user names: these may be private or loopback addresses, and plain http. */
  readonly trustedOrigins: ReadonlySet<string>;
  /** Those of them whose TLS certificates are not checked. */
  readonly insecureOrigins?: ReadonlySet<string>;
  readonly proxy: ProxyOptions;
  /** PEM certificates that are trusted in addition to Node's own, or what gives them before the first TLS connection. */
  readonly ca: TransportOptions["ca"];
  /** Where the secrets that are sent are remembered, so that nobody is shown them; default: a record of its own. */
  readonly secrets?: Secrets;
  /** Refuses every request; default false. */
  readonly offline?: boolean;
  /** The option or variable that asks for that; default: `--offline`. */
  readonly offlineBy?: string;
  /** Called whenever a request is over, each hop of a redirect for itself. */
  readonly onExchange?: ((exchange: EndedRequest) => void) | undefined;
  /** What undoes content codings; default: nothing, bodies are taken as they are sent. */
  readonly decoders?: ContentDecoders;
  /** How names are resolved to addresses; default: the system's resolver. */
  readonly resolve?: Resolve;
}

export interface HttpClient {
  /**
   * Sends a request and follows its redirects (RFC 9110, 15.4); any other status is an answer.
   *
   * @throws {PkgError} OFFLINE, ADDRESS_FORBIDDEN, REDIRECT_FORBIDDEN, NETWORK_FAILED, NETWORK_TIMEOUT, TLS_UNTRUSTED,
   * CONFIG_INVALID, INTERRUPTED
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Opens connections early, for so many requests at a time (default 1); never throws. */
  warm(origin: URL, count?: number): void;
  /** Requests put on the wire so far, redirects included. */
  readonly requestCount: number;
  close(): Promise<void>;
}

/** Creates the http client: pooled connections, requests bounded in time, and only to addresses that are allowed. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new Client(options);
}

class Client implements HttpClient {
  readonly #options: HttpClientOptions;
  readonly #transport: Transport;
  readonly #secrets: Secrets;
  #requestCount = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#secrets = options.secrets ?? createSecrets();
    noteProxies(options.proxy, this.#secrets);
    this.#transport = new Transport({ ...options, resolve: options.resolve ?? systemResolve });
  }

  get requestCount(): number {
    return this.#requestCount;
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    if (this.#options.offline === true) throw offline(request.url, this.#options.offlineBy ?? "--offline");
    const { maxRedirects = DEFAULT_MAX_REDIRECTS, namedBy = null } = request;
    if (namedBy !== null) assertNoDowngrade(namedBy, request.url);
    const trail = new RedirectTrail(request.url, maxRedirects);
    let hop = this.#firstHop(request);
    for (let from = namedBy; ; ) {
      trail.add(hop);
      const response = new Response(
        await this.#send(hop, from, request.signal),
        this.#secrets,
        this.#options.decoders ?? null,
      );
      const location = redirectLocation(response.status, response.header("location"));
      if (location === null) return response;
      await response.discard();
      from = hop.url;
      hop = nextHop(hop, response.status, location);
    }
  }

  warm(origin: URL, count = 1): void {
    if (this.#options.offline === true) return;
    try {
      const reach = this.#reachOf(origin, null);
      assertAllowed(origin, reach, this.#options.trustedOrigins);
      this.#transport.warm(origin, reach, count);
    } catch (error) {
      // The request that follows meets the same error and reports it.
      if (!(error instanceof PkgError)) throw error;
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #firstHop({ url, method = "GET", headers = {}, body }: HttpRequest): Hop {
    const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const common = { "user-agent": this.#options.userAgent, "accept-encoding": "identity" };
    return { url, method, headers: { ...common, ...Object.fromEntries(own) }, body: body ?? null };
  }

  async #send(hop: Hop, from: URL | null, signal: AbortSignal): Promise<ResponseHead> {
    noteRequest(hop, this.#secrets);
    const reach = this.#reachOf(hop.url, from);
    assertAllowed(hop.url, reach, this.#options.trustedOrigins);
    // Node's HTTP/2 spins forever on a body that fails with bytes left to send.
    const http2 = !isStreamed(hop.body);
    const dispatcher = await this.#transport.dispatcherFor(hop.url, { reach, http2 });
    const { idleTimeoutMs, minBytesPerSecond, throughputWindowMs = 30_000 } = this.#options;
    const onSend = () => {
      this.#requestCount += 1;
    };
    return sendOnce(dispatcher, hop, {
      proxy: this.#transport.proxyFor(hop.url),
      signal,
      idleTimeoutMs,
      minBytesPerSecond,
      throughputWindowMs,
      onSend,
      onEnd: this.#options.onExchange,
    });
  }

  /** Anywhere if the config names the host; as near as the server that named it; else only the public internet. */
  #reachOf(url: URL, from: URL | null): Reach {
    if (this.#options.trustedOrigins.has(url.origin)) return "loopback";
    return from === null ? "public" : (this.#transport.reachedKind(from.origin) ?? "public");
  }
}

function offline(url: URL, by: string): PkgError {
  return new PkgError("OFFLINE", `Cannot request "${shownUrl(url)}": ${by} is set`, { hint: onlineHint(by) });
}

/** Checks what the URL alone shows; names are judged on connecting, by the addresses they resolve to. */
function assertAllowed(url: URL, reach: Reach, trustedOrigins: ReadonlySet<string>): void {
  const address = literalAddress(url);
  const kind = address === null ? null : addressKind(address);
  if (address !== null && kind !== null && !reaches(reach, kind))
    throw addressForbidden(url.host, `"${address}" (${kind})`);
  if (url.protocol === "https:") return;
  const plainIsFine = trustedOrigins.has(url.origin) || (reach === "loopback" && isLoopbackHost(url));
  if (url.protocol === "http:" && plainIsFine) return;
  throw new PkgError(
    "ADDRESS_FORBIDDEN",
    `Cannot request "${shownUrl(url)}": "${url.protocol}" is refused, expected "https:"`,
    {
      hint: plainHint(url),
    },
  );
}

function plainHint({ host, pathname }: URL): string {
  const plain = `Plain http is for this machine, and for registries that have plain_http = true under [registries."${host}"] in config.toml`;
  return pathname.startsWith("/v2/") ? `${plain}; or give --plain-http` : `Type "https://${host}${pathname}". ${plain}`;
}
