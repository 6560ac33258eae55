import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cleanup } from "./temp-home.ts";

export interface CuttingOptions {
  /** The connection ends after so many bytes of a blob, each time. */
  cutAfter?: number;
  /** After so many bytes of a blob, in either direction, no more pass, and `onStall` is called. */
  stallAfter?: number;
  onStall?: () => void;
  /** Every request is answered from the blob's start. */
  ignoresRange?: boolean;
}

export interface CuttingProxy {
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  /** May be changed between requests. */
  options: CuttingOptions;
  /** Bytes of blobs that passed to the client and to the registry. */
  received: number;
  sent: number;
}

/** A proxy in front of a registry at `target`, such as `127.0.0.1:5000`, that disturbs the transfer of blobs. */
export async function startCuttingProxy(test: Cleanup, target: string): Promise<CuttingProxy> {
  const proxy = { host: "", options: {}, received: 0, sent: 0 };
  const server = createServer((request, response) => pass({ proxy, target, request, response }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  proxy.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

interface Passing {
  readonly proxy: CuttingProxy;
  readonly target: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function pass({ proxy, target, request, response }: Passing): void {
  const { method = "GET", url = "/", headers } = request;
  const isBlob = url.includes("/blobs/");
  const { range, ...rest } = headers;
  const asked = proxy.options.ignoresRange === true || range === undefined ? rest : headers;
  const options = { host: "127.0.0.1", port: Number(target.split(":")[1]), method, path: url, headers: asked };
  const upstream = forward(options, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    const body = isBlob ? spoilt(proxy, answer, "received") : answer;
    void relay(body, response);
  });
  upstream.on("error", () => response.destroy());
  response.once("close", () => upstream.destroy());
  const body = isBlob ? spoilt(proxy, request, "sent") : request;
  void relay(body, upstream);
}

async function relay(
  body: AsyncIterable<Buffer>,
  to: { write(chunk: Buffer, done: () => void): boolean; end(): unknown; destroy(): unknown },
): Promise<void> {
  try {
    for await (const chunk of body) await new Promise<void>((resolve) => to.write(chunk, resolve));
    to.end();
  } catch {
    to.destroy();
  }
}

async function* spoilt(
  proxy: CuttingProxy,
  body: AsyncIterable<Buffer>,
  direction: "received" | "sent",
): AsyncGenerator<Buffer> {
  let passed = 0;
  let isStalled = false;
  for await (const chunk of body) {
    const { cutAfter = Number.POSITIVE_INFINITY, stallAfter = Number.POSITIVE_INFINITY, onStall } = proxy.options;
    // Read on, so that the end of the other side is seen.
    if (isStalled) continue;
    const part = chunk.subarray(0, Math.max(0, cutAfter - passed));
    passed += part.length;
    proxy[direction] += part.length;
    if (part.length > 0) yield part;
    if (passed >= cutAfter) throw new Error("cut");
    if (passed < stallAfter) continue;
    isStalled = true;
    onStall?.();
  }
  // Until the client or the test ends the connection.
  if (isStalled) await new Promise(() => {});
}
