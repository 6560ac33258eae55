import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { serve } from "../http/local-server.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { indexText, makeKeySet, signIndex } from "../support/signed-index.ts";
import { v1Entry } from "../support/v1-index.ts";
import { NOW } from "./sync-world.ts";

/** A signed index of some 2 MB, and what its host calls it. */
export interface HostedIndex {
  readonly bytes: Buffer;
  readonly signatures: Buffer;
  readonly etag: string | null;
}

const signer = createSigner();

/** Two of them have no run of bytes in common. */
export function hostedIndex(serial: number, etag: string | null = `"v${serial}"`): HostedIndex {
  const description = () => randomBytes(2000).toString("hex");
  const packages = Array.from({ length: 400 }, (_, number) => v1Entry(`tool${number}`, { description: description() }));
  const bytes = indexText({ serial, issuedMs: NOW, keySets: [makeKeySet({ keys: [signer] })], packages });
  return { bytes, signatures: signIndex(bytes, [signer], "index.json"), etag };
}

export interface HostOptions {
  /** An answer's connection ends after so many bytes of the index: of the first answer, the second …; -1: without an answer. */
  cuts?: readonly number[];
  /** Ranges are ignored. */
  ignoresRange?: boolean;
  /** If-Range is ignored: a part of whatever is served now is sent. */
  ignoresIfRange?: boolean;
  /** Changes the headers of parts. */
  partHeaders?: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders;
}

/** A static host with one index. */
export interface IndexHost {
  readonly url: string;
  /** Served from now on; of several, one for each answer. */
  serve(...served: readonly HostedIndex[]): void;
  options: HostOptions;
  /** Since the last call: the bytes of the index that were sent, and the headers that ask for a part, of each request. */
  take(): { readonly sent: number; readonly asked: readonly AskedPart[] };
}

/** `null` without that header. */
export type AskedPart = readonly [range: string | null, ifRange: string | null];

export async function startIndexHost(t: TestContext): Promise<IndexHost> {
  let served: readonly HostedIndex[] = [];
  let [sent, asked]: [number, AskedPart[]] = [0, []];
  const { origin } = await serve(t, ({ url = "", headers }, response) => {
    const [current, next] = served;
    if (current === undefined) return void response.writeHead(404).end();
    if (url.includes(".sig")) return void response.end(current.signatures);
    if (next !== undefined) served = served.slice(1);
    asked.push([headers.range ?? null, header(headers, "if-range")]);
    const { status, head, body } = answer(current, headers, host.options);
    const [cut = body.length, ...cuts] = host.options.cuts ?? [];
    host.options = { ...host.options, cuts };
    if (cut < 0) return void response.destroy();
    response.writeHead(status, head);
    sent += Math.min(cut, body.length);
    send(response, body, cut);
  });
  const host: IndexHost = {
    url: `${origin}/index.json`,
    serve: (...indexes) => {
      served = indexes;
    },
    options: {},
    take: () => {
      const taken = { sent, asked };
      [sent, asked] = [0, []];
      return taken;
    },
  };
  return host;
}

interface Answer {
  readonly status: number;
  readonly head: OutgoingHttpHeaders;
  readonly body: Buffer;
}

function answer({ bytes, etag }: HostedIndex, headers: IncomingHttpHeaders, options: HostOptions): Answer {
  const named = etag === null ? {} : { etag };
  const condition = header(headers, "if-none-match");
  if (condition !== null && condition === etag) return { status: 304, head: named, body: Buffer.alloc(0) };
  const first = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  const ifRange = header(headers, "if-range");
  const isSame = ifRange === null || ifRange === etag || options.ignoresIfRange === true;
  if (first === 0 || !isSame || options.ignoresRange === true) {
    return { status: 200, head: { ...named, "content-length": bytes.length }, body: bytes };
  }
  if (first >= bytes.length) return { status: 416, head: { ...named, "content-length": 0 }, body: Buffer.alloc(0) };
  const body = bytes.subarray(first);
  const range = `bytes ${first}-${bytes.length - 1}/${bytes.length}`;
  const head = { ...named, "content-range": range, "content-length": body.length };
  return { status: 206, head: options.partHeaders?.(head) ?? head, body };
}

function send(response: ServerResponse, body: Buffer, cut: number): void {
  if (cut >= body.length) response.end(body);
  else response.write(body.subarray(0, cut), () => response.destroy());
}

function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}
