import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { CONTENT_DECODERS } from "../../src/archive/content-decoders.ts";
import { createHttpClient, type HttpClient } from "../../src/http/client.ts";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";
import { parseReference, type Reference } from "../../src/oci/reference.ts";
import { createRegistryClient } from "../../src/registry-client/client.ts";
import type { RegistryClient, RegistryClientOptions } from "../../src/registry-client/registry-client.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** What a server does with a request; `send` gets the bare response. */
export type Answer = Reply | { readonly send: (response: ServerResponse) => void };

export interface LocalServer {
  readonly origin: string;
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  /** Every request, in order. */
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** A real server on a free loopback port that answers as `respond` says, until the test ends. */
export async function serve(
  t: TestContext,
  respond: (request: Seen) => Answer | Promise<Answer>,
): Promise<LocalServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const received = { path: request.url ?? "", headers: request.headers };
    seen.push(received);
    write(response, await respond(received));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(close);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: `http://${host}`, host, seen, close };
}

function write(response: ServerResponse, answer: Answer): void {
  if ("send" in answer) {
    answer.send(response);
    return;
  }
  const { status = 200, headers = {}, body = "" } = answer;
  if (status !== 204) response.setHeader("content-length", Buffer.byteLength(body));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status).end(body);
}

export function digestOf(bytes: Buffer | string): Digest {
  return sha256Digest(createHash("sha256").update(bytes).digest("hex"));
}

/** A manifest with one titled layer, as the bytes a registry stores. */
export function manifestBytes(title = "trurl"): Buffer {
  const digest = digestOf("x");
  const layer = {
    mediaType: "application/octet-stream",
    digest,
    size: 1,
    annotations: { "org.opencontainers.image.title": title },
  };
  const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2 };
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: [layer] }));
}

export const NOT_FOUND: Reply = {
  status: 404,
  headers: { "content-type": "application/json" },
  body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}',
};

/** A correct answer for a manifest. */
export function manifestReply(bytes: Buffer): Reply {
  return { headers: { "content-type": MANIFEST_TYPE, "docker-content-digest": digestOf(bytes) }, body: bytes };
}

export interface Connection {
  readonly http: HttpClient;
  readonly client: RegistryClient;
  readonly waits: readonly number[];
}

export interface ConnectOptions extends Partial<Omit<RegistryClientOptions, "http">> {
  readonly trust?: readonly Pick<LocalServer, "origin">[];
  /** A PEM certificate to trust. */
  readonly ca?: string;
  /** Per origin; default 4. */
  readonly connections?: number;
}

/** A registry client over the real HTTP client; waits between tries are recorded and not waited. */
export function connect(t: TestContext, { trust = [], ca, connections = 4, ...options }: ConnectOptions): Connection {
  const http = createHttpClient({
    decoders: CONTENT_DECODERS,
    userAgent: "pkg/test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: connections,
    trustedOrigins: new Set(trust.map(({ origin }) => origin)),
    proxy: { http: null, https: null, noProxy: "" },
    ca: ca ?? null,
  });
  t.after(() => http.close());
  const waits: number[] = [];
  const client = createRegistryClient({
    http,
    registries: {},
    plainHttp: () => true,
    retry: { attempts: 3, patienceMs: 60_000, baseMs: 100, capMs: 1_000 },
    random: () => 0.5,
    now: () => 0,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { http, client, waits };
}

/** `path` in the registry at `server`. */
export function at(server: Pick<LocalServer, "host">, path: string): Reference {
  return parseReference(`${server.host}/${path}`);
}

/** A signal for requests that nobody interrupts. */
export const calm = new AbortController().signal;
