import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PkgError, systemCode } from "../errors.ts";
import { makeDirectory } from "../fs/atomic.ts";
import { handleBlob } from "./blobs.ts";
import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { handleIndexFile } from "./index-files.ts";
import { createLayout, type Layout } from "./layout.ts";
import { handleManifest } from "./manifests.ts";
import { Problem } from "./problem.ts";
import { parseRoute } from "./route.ts";
import { createStorage } from "./storage.ts";
import { handleTags } from "./tags.ts";
import { handleUpload, handleUploads } from "./upload-requests.ts";
import { createUploads, type Uploads } from "./uploads.ts";

export interface RegistryServerOptions {
  readonly root: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Aborting it closes the server. */
  readonly signal?: AbortSignal;
  /** Told of each answered request; `bytes` are those of the answer's body. */
  readonly onRequest?: (line: RequestLine) => void;
  /** Told what lies behind an answer of 500. */
  readonly onError?: (error: unknown) => void;
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
}

export interface RegistryServer {
  /** e.g. `http://127.0.0.1:5000` */
  readonly url: string;
  readonly port: number;
  /** Stops listening, drops connections and takes away unfinished uploads. */
  close(): Promise<void>;
}

/** Longer than a client keeps a connection it does not use, so that the client is the one to close it. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves an OCI registry out of `root`, and the package indexes put under `<root>/index/`.
 *
 * @throws {PkgError} USAGE when the port cannot be had, FILE_SYSTEM and others when `root` cannot be made
 * @see OCI distribution-spec 1.1
 */
export async function startRegistry(options: RegistryServerOptions): Promise<RegistryServer> {
  const host = options.host ?? "127.0.0.1";
  const layout = createLayout(options.root);
  prepare(layout);
  const uploads = createUploads(layout);
  const server = createServer(createListener(layout, uploads, options));
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port, host);
  const close = createClose(server, uploads);
  options.signal?.addEventListener("abort", () => void close(), { once: true });
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port, close };
}

/** Uploads do not outlive a process, so what lies there is a crash's. */
function prepare(layout: Layout): void {
  rmSync(layout.uploads, { recursive: true, force: true });
  for (const directory of [...layout.blobs, layout.uploads]) makeDirectory(directory);
}

function createListener(layout: Layout, uploads: Uploads, options: RegistryServerOptions) {
  const storage = createStorage(layout);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const method = request.method ?? "GET";
    response.once("close", () => {
      options.onRequest?.({ method, path, status: response.statusCode, bytes: bodyBytes(method, response) });
    });
    const exchange = { request, response, method, query: new URLSearchParams(query), layout, storage, uploads };
    try {
      await dispatch(exchange, path);
    } catch (error) {
      if (!(error instanceof Problem) && !request.destroyed) options.onError?.(error);
      answerProblem(exchange, error);
    }
  };
}

async function dispatch(exchange: Exchange, path: string): Promise<void> {
  const route = parseRoute(path);
  switch (route.kind) {
    case "version":
      if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
      return answer(exchange, 200, { "content-type": "application/json" }, "{}");
    case "manifest":
      return handleManifest(exchange, route.name, route.reference);
    case "blob":
      return handleBlob(exchange, route.name, route.digest);
    case "uploads":
      return handleUploads(exchange, route.name);
    case "upload":
      return handleUpload(exchange, route.name, route.id);
    case "tags":
      return handleTags(exchange, route.name);
    case "index":
      return handleIndexFile(exchange, route.file);
  }
}

function answerProblem(exchange: Exchange, error: unknown): void {
  if (exchange.response.headersSent || exchange.response.destroyed) {
    exchange.response.destroy();
    return;
  }
  const problem = error instanceof Problem ? error : new Problem("UNKNOWN", "the registry failed", { cause: error });
  answer(exchange, problem.status, { "content-type": "application/json", ...problem.headers }, problem.body);
}

function bodyBytes(method: string, response: ServerResponse): number {
  return method === "HEAD" ? 0 : Number(response.getHeader("content-length") ?? 0);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, port, host)));
    server.listen(port, host, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(error: Error, port: number, host: string): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "is in use",
    EACCES: "needs more rights",
    EADDRNOTAVAIL: "is not an address of this machine",
    ENOTFOUND: "is not an address of this machine",
  };
  const reason = reasons[systemCode(error) ?? ""];
  if (reason === undefined) return error;
  return new PkgError("USAGE", `Cannot serve the registry: "${host}:${port}" ${reason}`, {
    hint: "Choose another port with --port",
    cause: error,
  });
}

function createClose(server: Server, uploads: Uploads): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await uploads.close();
  };
  return () => {
    closing ??= stop();
    return closing;
  };
}
