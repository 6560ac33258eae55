import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Certificate } from "../http/certificate.ts";

/** A request as it arrived. */
export interface Arrival {
  /** The `Host` it was sent to. */
  readonly authority: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export interface RecordingServer {
  readonly port: number;
  /** e.g. `http://127.0.0.1:40123` */
  readonly origin: string;
  /** Every request with its body, in order of arrival. */
  readonly seen: readonly Arrival[];
}

export interface RecordingOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any. */
  readonly port?: number;
  /** Speaks https with it. */
  readonly certificate?: Certificate;
}

/** A real server on loopback that keeps what it is sent, until the test ends. */
export async function record(
  t: TestContext,
  respond: (request: Arrival) => Reply | Promise<Reply>,
  { host = "127.0.0.1", port = 0, certificate }: RecordingOptions = {},
): Promise<RecordingServer> {
  const seen: Arrival[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const arrival = { authority: headers.host ?? "", method, path: url, headers, body };
    seen.push(arrival);
    const { status = 200, headers: own = {}, body: answer = "" } = await respond(arrival);
    if (status !== 204) response.setHeader("content-length", Buffer.byteLength(answer));
    for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
    response.writeHead(status).end(method === "HEAD" ? undefined : answer);
  };
  const server = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const actual = (server.address() as AddressInfo).port;
  const scheme = certificate === undefined ? "http" : "https";
  return { port: actual, origin: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${actual}`, seen };
}
