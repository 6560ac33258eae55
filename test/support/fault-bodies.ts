import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./faults.ts";

const ENDLESS_LIMIT_BYTES = 1024 * 1024 * 1024;
const FILLER = Buffer.alloc(64 * 1024, 0x2e);

export interface BodyAnswer {
  readonly response: ServerResponse;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  readonly fault: Fault | null;
  readonly head: boolean;
}

/** Sends the answer of a correct server, with the fault applied. */
export function sendBody(answer: BodyAnswer): void {
  const { fault } = answer;
  switch (fault?.kind) {
    case "truncate":
    case "reset":
    case "stall":
      sendStart(answer, fault);
      break;
    case "endless":
      void sendEndless(answer);
      break;
    case "trickle":
      void sendSlowly(answer, fault);
      break;
    case "resize":
      answer.response.writeHead(answer.status, answer.headers);
      answer.response.end(resized(answer.body, fault.bytes));
      break;
    default:
      sendWhole(answer, wholeBody(answer), changedHeaders(answer));
  }
}

function wholeBody({ body, fault }: BodyAnswer): Buffer {
  if (fault?.kind === "body") return Buffer.from(fault.body);
  return fault?.kind === "corrupt" ? corrupted(body) : body;
}

function changedHeaders({ body, fault }: BodyAnswer): Readonly<Record<string, string | null>> {
  switch (fault?.kind) {
    case "body":
    case "headers":
      return fault.headers ?? {};
    case "wrong-range":
      return { "content-range": `bytes 1-${body.byteLength}/${body.byteLength + 1}` };
    default:
      return {};
  }
}

function sendWhole(answer: BodyAnswer, body: Buffer, changed: Readonly<Record<string, string | null>>): void {
  const headers = { "content-length": String(body.byteLength), ...answer.headers, ...changed };
  const kept = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined);
  // A wrong Content-Length is one of the faults.
  answer.response.strictContentLength = false;
  answer.response.writeHead(answer.status, Object.fromEntries(kept) as OutgoingHttpHeaders);
  answer.response.end(answer.head ? undefined : body);
}

function sendStart(
  answer: BodyAnswer,
  fault: { readonly kind: "truncate" | "reset" | "stall"; readonly bytes: number },
): void {
  const { response, body } = answer;
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.byteLength });
  response.flushHeaders();
  response.write(body.subarray(0, fault.bytes), () => {
    if (fault.kind === "truncate") response.socket?.end();
    if (fault.kind === "reset") response.socket?.resetAndDestroy();
  });
}

async function sendEndless({ response, status, headers }: BodyAnswer): Promise<void> {
  response.writeHead(status, headers);
  // A client that has had enough drops the connection, which ends the pipeline with an error.
  await pipeline(Readable.from(filler()), response).catch(() => {});
}

function* filler(): Generator<Buffer> {
  for (let sent = 0; sent < ENDLESS_LIMIT_BYTES; sent += FILLER.byteLength) yield FILLER;
}

async function sendSlowly(
  answer: BodyAnswer,
  fault: { readonly bytes: number; readonly everyMs: number },
): Promise<void> {
  const { response, status, headers, body } = answer;
  const { bytes, everyMs } = fault;
  response.writeHead(status, { ...headers, "content-length": body.byteLength });
  for (let sent = 0; sent < body.byteLength && !response.destroyed; sent += bytes) {
    response.write(body.subarray(sent, sent + bytes));
    await delay(everyMs, undefined, { ref: false });
  }
  response.end();
}

function corrupted(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

function resized(body: Buffer, bytes: number): Buffer {
  return bytes < 0 ? body.subarray(0, bytes) : Buffer.concat([body, Buffer.alloc(bytes)]);
}
