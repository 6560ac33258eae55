import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { CONTENT_DECODERS } from "../../src/archive/content-decoders.ts";
import { hasCode } from "../../src/errors.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../../src/http/client.ts";
import type { HttpResponse } from "../../src/http/request.ts";

export interface LocalServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Connections accepted so far. */
  connections(): number;
  /** Connections open now. */
  open(): number;
}

/** Listens on a free loopback port until the test ends; connections that are still open are cut then. */
export async function listen(t: TestContext, server: Server, scheme = "http"): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `${scheme}://127.0.0.1:${port}`, connections: () => connections, open: () => sockets.size };
}

export function serve(t: TestContext, listener: RequestListener): Promise<LocalServer> {
  return listen(t, createServer(listener));
}

/** A server that answers each connection with bytes of its own making, once it has a whole request head. */
export function serveRaw(t: TestContext, answer: (socket: Socket, head: string) => void): Promise<LocalServer> {
  const server = createTcpServer((socket) => {
    let head = "";
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      const whole = head;
      head = "";
      answer(socket, whole);
    });
  });
  return listen(t, server);
}

export interface TestClientOptions extends Partial<Omit<HttpClientOptions, "trustedOrigins">> {
  readonly trusted?: readonly string[];
}

export function client(t: TestContext, { trusted = [], ...options }: TestClientOptions = {}): HttpClient {
  const made = createHttpClient({
    decoders: CONTENT_DECODERS,
    userAgent: "pkg/test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 8,
    proxy: { http: null, https: null, noProxy: "" },
    ca: null,
    ...options,
    trustedOrigins: new Set(trusted),
  });
  t.after(() => made.close());
  return made;
}

/**
 * Retries with ever longer limits, in ms, until one is long enough for the work before the silence that is tested, which
 * may be slow on a busy machine.
 *
 * @param attempt gives null when the limit was too short
 */
export async function patiently<T>(attempt: (limitMs: number) => Promise<T | null>): Promise<T> {
  for (const limitMs of [50, 200, 800, 3_200]) {
    const result = await attempt(limitMs);
    if (result !== null) return result;
  }
  throw new Error("No limit was long enough");
}

/** The response to a request, or null when it did not begin in time. */
export async function begun(request: Promise<HttpResponse>): Promise<HttpResponse | null> {
  try {
    return await request;
  } catch (error) {
    if (hasCode(error, "NETWORK_TIMEOUT")) return null;
    throw error;
  }
}

/** A signal for requests that nobody interrupts. */
export const calm = new AbortController().signal;
