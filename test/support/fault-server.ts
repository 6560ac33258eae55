import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sendBody } from "./fault-bodies.ts";
import { type Fault, type FaultRule, FaultRules, type RecordedRequest } from "./faults.ts";
import type { BuiltPackage } from "./package-builder.ts";
import { type Content, RegistryContent } from "./registry-content.ts";
import type { Cleanup } from "./temp-home.ts";

export interface FaultServer {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  readonly content: RegistryContent;
  readonly rules: FaultRules;
  /** All requests, in order. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  close(): Promise<void>;
}

export interface FaultServerOptions {
  readonly packages?: readonly BuiltPackage[];
  /** Shared with another server, e.g. one that redirects to this. */
  readonly content?: RegistryContent;
  readonly rules?: readonly FaultRule[];
}

type Recorded = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** Serves registry content from memory on a free loopback port, correctly except where a rule says otherwise. */
export async function startFaultServer(test: Cleanup, options: FaultServerOptions = {}): Promise<FaultServer> {
  const content = options.content ?? new RegistryContent();
  for (const built of options.packages ?? []) content.addPackage(built);
  const rules = new FaultRules(options.rules ?? []);
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    requests.push(record(request, response));
    request.resume();
    const path = request.url ?? "/";
    respond({ request, response, content, path, fault: rules.take(request.method ?? "GET", path) });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  test.after(close);
  const clearRequests = () => {
    requests.length = 0;
  };
  return { url: `http://${host}`, host, content, rules, requests, clearRequests, close };
}

function record(request: IncomingMessage, response: ServerResponse): Recorded {
  const headers: Record<string, string | undefined> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = values?.join(", ");
  const recorded = { method: request.method ?? "GET", path: request.url ?? "/", headers, status: 0 };
  response.once("close", () => {
    recorded.status = response.headersSent ? response.statusCode : 0;
  });
  return recorded;
}

interface Question {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly content: RegistryContent;
  readonly path: string;
  readonly fault: Fault | null;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

function respond(question: Question): void {
  if (question.fault?.kind === "hang") return;
  const answer = faultyAnswer(question.fault, question.path) ?? plainAnswer(question);
  if (answer === null) sendContent(question);
  else end(question.response, answer);
}

/** Faults that contain nothing of the right answer. */
function faultyAnswer(fault: Fault | null, path: string): Answer | null {
  switch (fault?.kind) {
    case "status":
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? "" };
    case "html":
      return {
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: "<!doctype html><p>Sign in",
      };
    case "redirect":
      return { status: fault.status ?? 307, headers: { location: fault.location }, body: "" };
    case "redirect-loop":
      return { status: 307, headers: { location: nextInLoop(path) }, body: "" };
    default:
      return null;
  }
}

/** Two paths in turn, so that it is a loop, and not only a redirect to itself. */
function nextInLoop(path: string): string {
  return path.endsWith("?loop") ? path.slice(0, -"?loop".length) : `${path}?loop`;
}

/** Right answers that carry no content. */
function plainAnswer({ request, content, path }: Question): Answer | null {
  const [plain = "/"] = path.split("?", 1);
  if (plain === "/v2/") return { status: 200, headers: {}, body: "{}" };
  const found = content.get(plain);
  if (found === null) return { status: 404, headers: { "content-type": "application/json" }, body: notFound(plain) };
  if (request.headers["if-none-match"] === found.etag) return { status: 304, headers: { etag: found.etag }, body: "" };
  return null;
}

function sendContent({ request, response, content, path, fault }: Question): void {
  const found = content.get(path.split("?", 1)[0] ?? "/");
  if (found === null) return;
  const size = found.bytes.byteLength;
  const range = fault?.kind === "ignore-range" ? null : rangeOf(request, found);
  if (range !== null && range.start >= size) {
    end(response, { status: 416, headers: { "content-range": `bytes */${size}` }, body: "" });
    return;
  }
  const body = range === null ? found.bytes : found.bytes.subarray(range.start, range.end + 1);
  const head = request.method === "HEAD";
  sendBody({ response, status: range === null ? 200 : 206, headers: headersOf(found, range), body, fault, head });
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

function rangeOf({ headers }: IncomingMessage, { bytes, etag }: Content): ByteRange | null {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  if (first === undefined || last === undefined) return null;
  if (headers["if-range"] !== undefined && headers["if-range"] !== etag) return null;
  const start = Number(first);
  return { start, end: last === "" ? bytes.byteLength - 1 : Math.min(Number(last), bytes.byteLength - 1) };
}

function headersOf({ bytes, contentType, etag, digest }: Content, range: ByteRange | null): OutgoingHttpHeaders {
  const contentRange =
    range === null ? {} : { "content-range": `bytes ${range.start}-${range.end}/${bytes.byteLength}` };
  const digestHeader = digest === null ? {} : { "docker-content-digest": digest };
  return { "content-type": contentType, etag, "accept-ranges": "bytes", ...digestHeader, ...contentRange };
}

function notFound(path: string): string {
  const code = path.includes("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
  return JSON.stringify({ errors: [{ code, message: "not here", detail: null }] });
}

function end(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = status === 304 ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers }).end(body);
}
