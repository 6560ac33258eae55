import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Cleanup } from "./temp-home.ts";

/** What happens to a request on its way to the registry. */
export type UploadFault =
  /** It never gets there; its body is read. */
  | { readonly kind: "answer"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** So much of its body gets there; then both connections are cut. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** All of it gets there; then the connection is cut instead of an answer. */
  | { readonly kind: "lost" }
  /** It gets there, and the answer's headers are these as well. */
  | { readonly kind: "headers"; readonly change: (headers: IncomingMessage["headers"]) => Record<string, string> };

export interface UploadFaultRule {
  readonly when: (request: PassedRequest) => boolean;
  /** Requests that match before the first it applies to; default 0. */
  readonly after?: number;
  /** How many it applies to; default every one. */
  readonly times?: number;
  readonly fault: UploadFault;
}

export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Body bytes that arrived here. */
  readonly bytes: number;
  /** 0: no answer was given. */
  readonly status: number;
}

export interface UploadFaults {
  readonly url: string;
  readonly host: string;
  readonly requests: readonly PassedRequest[];
  /** Of a method. */
  of(method: string): readonly PassedRequest[];
  /** Of all request bodies. */
  bytes(): number;
}

type Passing = { -readonly [Key in keyof PassedRequest]: PassedRequest[Key] };

/** A proxy in front of a real registry that passes on whatever no rule catches. */
export async function startUploadFaults(
  test: Cleanup,
  upstream: string,
  rules: readonly UploadFaultRule[] = [],
): Promise<UploadFaults> {
  const requests: Passing[] = [];
  const seen = new Map<UploadFaultRule, number>();
  const take = (passing: Passing): UploadFault | null => {
    for (const rule of rules) {
      const { after = 0, times = Infinity } = rule;
      if (!rule.when(passing)) continue;
      const count = seen.get(rule) ?? 0;
      seen.set(rule, count + 1);
      if (count >= after && count < after + times) return rule.fault;
    }
    return null;
  };
  const server = createServer((request, response) => {
    const passing = record(request, response);
    requests.push(passing);
    // If the connection is cut, the client never sees the answer.
    pass({ request, response, upstream, passing, fault: take(passing) }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const of = (method: string) => requests.filter((request) => request.method === method);
  const bytes = () => requests.reduce((sum, request) => sum + request.bytes, 0);
  return { url: `http://${host}`, host, requests, of, bytes };
}

function record({ method = "GET", url = "/", headersDistinct }: IncomingMessage, response: ServerResponse): Passing {
  const headers: Record<string, string | undefined> = {};
  for (const [name, values] of Object.entries(headersDistinct)) headers[name] = values?.join(", ");
  const passing = { method, path: url, headers, bytes: 0, status: 0 };
  response.once("close", () => {
    passing.status = response.headersSent ? response.statusCode : 0;
  });
  return passing;
}

interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: string;
  readonly passing: Passing;
  readonly fault: UploadFault | null;
}

async function pass({ request, response, upstream, passing, fault }: Passage): Promise<void> {
  if (fault?.kind === "answer") {
    for await (const chunk of request as AsyncIterable<Buffer>) passing.bytes += chunk.length;
    response.writeHead(fault.status, { "content-length": 0, ...fault.headers }).end();
    return;
  }
  const { method, path } = passing;
  const outgoing = send(new URL(path, upstream), { method, headers: request.headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve).on("error", reject);
  });
  const sent = forward({
    request,
    outgoing,
    passing,
    answered,
    most: fault?.kind === "cut" ? fault.afterBytes : Infinity,
  });
  // An answer may come before the body has been sent.
  const answer = await Promise.race([answered, sent.then(() => answered)]);
  if (fault?.kind === "lost") {
    answer.resume();
    await once(answer, "end");
    throw new Error("lost");
  }
  const headers = fault?.kind === "headers" ? fault.change(answer.headers) : {};
  response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...headers });
  await pipeline(answer, response);
}

interface Forwarding {
  readonly request: IncomingMessage;
  readonly outgoing: ClientRequest;
  readonly passing: Passing;
  readonly answered: Promise<unknown>;
  /** Bytes that get through. */
  readonly most: number;
}

/** What arrives after an early answer is still read, so that the connection can be used again. */
async function forward({ request, outgoing, passing, answered, most }: Forwarding): Promise<void> {
  let isAnswered = false;
  const settled = answered
    .catch(() => undefined)
    .then(() => {
      isAnswered = true;
    });
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      passing.bytes += chunk.length;
      if (!isAnswered && !outgoing.write(chunk)) await Promise.race([once(outgoing, "drain"), settled]);
      if (passing.bytes < most) continue;
      // If an answer was given, the end of the request leaves the connection open, and nobody reads from it.
      request.socket.destroy();
      throw new Error("cut");
    }
    if (!isAnswered) outgoing.end();
  } finally {
    if (!request.complete || isAnswered) outgoing.destroy();
  }
}
