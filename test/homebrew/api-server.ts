import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { Cleanup } from "../support/temp-home.ts";
import { TAG } from "./sample-formula.ts";

/** A server of formulae. */
export interface FormulaApi {
  /** As the config has it: `http://127.0.0.1:PORT/api`. */
  readonly url: string;
  /** What is served from now on; a form that is absent answers 404. */
  serve(documents: ServedIndexes): void;
  /** Answers every request so from now on, whatever is served; null ends that. A body is cut where it says more than it has. */
  answer(answer: Answer | null): void;
  /** What was asked since the last call, as `/api/…` with ` 304` behind it when nothing had changed, ` gzip` when it was sent so. */
  takeRequests(): readonly string[];
}

export interface ServedIndexes {
  /** The signed document of this machine's platform. */
  readonly internal?: Buffer;
  /** The signed document of all platforms. */
  readonly public?: Buffer;
  /** `Last-Modified` of both; default: a day in 2026. */
  readonly modified?: Date;
  /** Served without an `ETag`. */
  readonly withoutETag?: boolean;
  /** Served in gzip to who accepts that, with this ETag in place of that of the document; requests are judged by the latter. */
  readonly gzip?: (etag: string) => string;
}

export interface Answer {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MODIFIED = new Date("2026-03-01T10:00:00Z");

/** Listens on a free loopback port until the test ends. */
export async function startFormulaApi(test: Cleanup): Promise<FormulaApi> {
  let served: ServedIndexes = {};
  let forced: Answer | null = null;
  let requests: string[] = [];
  const server = createServer((request, response) => {
    const { status, body = "", headers = {} } = forced ?? answerOf(request, served);
    const how = status === 304 ? " 304" : headers["content-encoding"] === undefined ? "" : " gzip";
    requests.push(`${request.url}${how}`);
    send(response, { status, body, headers });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    serve: (documents) => {
      served = documents;
    },
    answer: (answer) => {
      forced = answer;
    },
    takeRequests: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
  };
}

function answerOf({ url, headers }: IncomingMessage, served: ServedIndexes): Answer {
  const documents = {
    "/api/formula.jws.json": served.public,
    [`/api/internal/packages.${TAG}.jws.json`]: served.internal,
  };
  const document = documents[url ?? ""];
  if (document === undefined) return { status: 404, body: "not found\n" };
  const modified = (served.modified ?? MODIFIED).toUTCString();
  const etag = `"${createHash("sha256").update(document).digest("hex")}"`;
  const asked = headers["if-none-match"]?.split(", ").map((one) => one.replace(/^W\//, ""));
  const isKnown = asked === undefined ? headers["if-modified-since"] === modified : asked.includes(etag);
  const facts = { "last-modified": modified, ...(served.withoutETag === true ? {} : { etag }) };
  if (isKnown) return { status: 304, headers: facts };
  if (served.gzip === undefined || !/\bgzip\b/.test(`${headers["accept-encoding"]}`)) {
    return { status: 200, body: document, headers: facts };
  }
  const coded = { ...facts, etag: served.gzip(etag), "content-encoding": "gzip" };
  return { status: 200, body: gzipSync(document), headers: coded };
}

function send(response: ServerResponse, { status, body = "", headers = {} }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  if (Number(headers["content-length"] ?? 0) <= body.length) response.end(body);
  else response.write(body, () => response.destroy());
}
