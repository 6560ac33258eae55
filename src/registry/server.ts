import { X509Certificate } from "node:crypto";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { PkgError, systemCode } from "../errors.ts";
import { addressKind } from "../http/addresses.ts";
import type { Access } from "./access.ts";
import type { AnswerLine } from "./access-log.ts";
import { answerBrokenHeads } from "./broken-heads.ts";
import type { BrowserGuardOptions } from "./browser-guard.ts";
import { Connections } from "./connections.ts";
import { createHandler } from "./handler.ts";
import { DEFAULT_LIMITS, HEADERS_CHECK_MS, type Limits, MAX_HEAD_BYTES } from "./limits.ts";
import { type OpenRoot, openRoot } from "./open-root.ts";
import type { RequestLine } from "./request-line.ts";
import type { RootOwner } from "./root-owner.ts";
import type { TlsIdentity } from "./tls.ts";
import { createUpstream, type Upstream } from "./upstream.ts";
import type { UpstreamSettings } from "./upstream-options.ts";

/** How a registry is served. */
export interface RegistryServerOptions {
  readonly root: string;
  /** 0: any free port. */
  readonly port: number;
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /**
   * Further names that clients reach it by, without port. On a loopback address, requests for any other name than these
   * and those of loopback are refused; elsewhere, those for other names, but not for addresses, if any are given.
   */
  readonly allowHosts?: readonly string[];
  /** Absent: http. */
  readonly tls?: TlsIdentity;
  /** Absent: anyone may do anything. */
  readonly access?: Access;
  /** Refuses every request that would change something; always the case with an upstream. */
  readonly readOnly?: boolean;
  /** Accepts manifests whose blobs, and indexes whose manifests, are not here; by default they are refused. */
  readonly sparse?: boolean;
  readonly limits?: Partial<Limits>;
  /** The registry that this one is a cache of. */
  readonly upstream?: UpstreamSettings;
  /** Aborting it closes the server. */
  readonly signal?: AbortSignal;
  /** How long requests in flight may take to end when the server is closed, in milliseconds; default 0. */
  readonly graceMs?: number;
  /** Called for each answered request; `bytes` counts the answer's body. */
  readonly onRequest?: (line: RequestLine) => void;
  /** Called for the same requests, with who asked, when, and how long it took. */
  readonly onAnswer?: (line: AnswerLine) => void;
  /** Called with the error behind an answer of 500. */
  readonly onError?: (error: unknown) => void;
}

/** A registry that is being served. */
export interface RegistryServer {
  /** e.g. `http://127.0.0.1:5000` */
  readonly url: string;
  readonly port: number;
  /** Stops listening, gives requests in flight `graceMs` to end, then drops the rest. */
  close(): Promise<void>;
}

/** Longer than clients keep an unused connection, so that it is the client that closes it. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves an OCI registry out of `root`, a page about it at `/`, and the package indexes put under `<root>/index/`.
 *
 * @throws {PkgError} USAGE when the port cannot be used; PATH_CONFLICT when `root` holds the content of another registry;
 * FILE_SYSTEM and others when it cannot be created
 * @see OCI distribution-spec 1.1
 */
export async function startRegistry(options: RegistryServerOptions): Promise<RegistryServer> {
  const host = options.host ?? "127.0.0.1";
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const onUnknown = (message: string) => options.upstream?.onWarning(message);
  const root = await openRoot({ root: options.root, owner: ownerOf(options), limits, onUnknown });
  const life = new AbortController();
  const server = createServer(options, limits);
  // As many connections again may wait between two requests.
  const connections = new Connections(server, { ...limits, maxConnections: limits.maxRequests * 2 });
  const upstream = upstreamOf(options, { root, limits, signal: life.signal });
  let isLoopback = true;
  const browsers = browserGuardOf(options, () => isLoopback);
  const isClosing = () => !server.listening;
  const handler = createHandler({ ...options, root, limits, connections, upstream, browsers, isClosing });
  server.on("request", handler.onRequest);
  server.on("checkContinue", handler.onExpectContinue);
  // Node would answer any other expectation by itself; it may be ignored (RFC 9110, section 10.1.1).
  server.on("checkExpectation", handler.onRequest);
  answerBrokenHeads(server, connections);
  const { address, port } = await listen(server, options.port, host).catch(async (error: unknown) => {
    await root.abandon();
    throw error;
  });
  isLoopback = addressKind(address) === "loopback";
  const close = createClose(server, { graceMs: options.graceMs ?? 0, life, connections });
  options.signal?.addEventListener("abort", () => void close(), { once: true });
  const scheme = options.tls === undefined ? "http" : "https";
  return { url: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`, port, close };
}

function createServer({ tls }: RegistryServerOptions, limits: Limits): Server {
  const options = {
    maxHeaderSize: MAX_HEAD_BYTES,
    // The guard refuses requests without it, with the headers of every answer.
    requireHostHeader: false,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(HEADERS_CHECK_MS, limits.headersMs),
    // A long upload is not a fault; the guard makes sure that it makes progress.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server =
    tls === undefined
      ? createHttpServer(options)
      : createHttpsServer({ ...options, ...tls, handshakeTimeout: limits.headersMs });
  // Those above the limit are closed one by one; this is for more than can be closed in time.
  server.maxConnections = limits.maxRequests * 4;
  return server;
}

function browserGuardOf(options: RegistryServerOptions, isLoopback: () => boolean): BrowserGuardOptions {
  const { host = "", tls, access, upstream, allowHosts = [] } = options;
  const certificate = tls === undefined ? null : new X509Certificate(tls.cert);
  const isReadable = access === undefined || access.isAnonymousPull;
  return {
    names: allowHosts.map((name) => name.toLowerCase()),
    boundTo: host.toLowerCase(),
    isLoopback,
    isCertified: (name) => certificate?.checkHost(name) !== undefined,
    // A cache fetches and stores what is asked for.
    isPublic: (path) => isReadable && (upstream === undefined || !path.startsWith("/v2")),
  };
}

function ownerOf({ upstream }: RegistryServerOptions): RootOwner {
  return upstream === undefined ? { kind: "registry" } : { kind: "cache", upstream: upstream.origin };
}

interface UpstreamParts {
  readonly root: OpenRoot;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

function upstreamOf({ upstream }: RegistryServerOptions, { root, limits, signal }: UpstreamParts): Upstream | null {
  if (upstream === undefined) return null;
  const { storage, uploads } = root;
  const now = () => performance.now();
  return createUpstream({ ...upstream, storage, uploads, maxBlobBytes: limits.maxBodyBytes, signal, now });
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, port, host)));
    server.listen(port, host, () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

function cannotListen(error: Error, port: number, host: string): Error {
  const problem = LISTEN_PROBLEMS[systemCode(error) ?? ""];
  if (problem === undefined) return error;
  const [what, reason, hint] = problem;
  const shown = what === "host" ? host : `${host}:${port}`;
  return new PkgError("USAGE", `Cannot serve the registry: "${shown}" ${reason}`, { hint, cause: error });
}

const OTHER_HOST = "Choose another address with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for every network";
const NO_ADDRESS = ["host", "is not an address of this machine", OTHER_HOST] as const;

/** What is wrong, and which of the two options mends it. */
const LISTEN_PROBLEMS: Readonly<Record<string, readonly [what: "host" | "port", reason: string, hint: string]>> = {
  EADDRINUSE: ["port", "is in use", "Choose another port with --port"],
  EACCES: ["port", "needs more rights", "Choose a port above 1023 with --port"],
  EADDRNOTAVAIL: NO_ADDRESS,
  ENOTFOUND: NO_ADDRESS,
  EAI_AGAIN: NO_ADDRESS,
  EINVAL: NO_ADDRESS,
  EAFNOSUPPORT: NO_ADDRESS,
};

interface CloseParts {
  readonly graceMs: number;
  readonly life: AbortController;
  readonly connections: Connections;
}

function createClose(server: Server, { graceMs, life, connections }: CloseParts): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const drop = () => {
      life.abort();
      server.closeAllConnections();
      // Node does not count TLS without a handshake.
      connections.dropAll();
    };
    const late = graceMs > 0 ? setTimeout(drop, graceMs) : null;
    if (late === null) drop();
    await closed;
    if (late !== null) clearTimeout(late);
    life.abort();
  };
  return () => {
    closing ??= stop();
    return closing;
  };
}
