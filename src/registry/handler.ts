import type { IncomingMessage, ServerResponse } from "node:http";
import { hasCode } from "../errors.ts";
import type { Access } from "./access.ts";
import { type AnswerLine, CLIENT_LEFT } from "./access-log.ts";
import { setAnswerHeaders } from "./answer-headers.ts";
import { type BrowserGuardOptions, guardFromBrowser } from "./browser-guard.ts";
import { clientKey } from "./client-key.ts";
import type { Connections } from "./connections.ts";
import { dispatch } from "./dispatch.ts";
import { answer, type Exchange } from "./exchange.ts";
import { Gate, type Limits, lingerAfter, refuseLargeBody } from "./limits.ts";
import type { OpenRoot } from "./open-root.ts";
import { sendPage } from "./page.ts";
import { Problem } from "./problem.ts";
import type { RequestLine } from "./request-line.ts";
import { sendComingBlob } from "./send-coming-blob.ts";
import type { Upstream } from "./upstream.ts";

/** How requests are answered. */
export interface HandlerOptions {
  readonly root: OpenRoot;
  readonly limits: Limits;
  readonly connections: Connections;
  readonly upstream: Upstream | null;
  readonly browsers: BrowserGuardOptions;
  /** True once the server is closing. */
  readonly isClosing: () => boolean;
  readonly access?: Access;
  readonly readOnly?: boolean;
  readonly sparse?: boolean;
  readonly onRequest?: (line: RequestLine) => void;
  readonly onAnswer?: (line: AnswerLine) => void;
  readonly onError?: (error: unknown) => void;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The listeners for the server's events. */
export interface Handler {
  readonly onRequest: Listener;
  /** For a client that sends `Expect: 100-continue`, and waits for the answer before it sends the body. */
  readonly onExpectContinue: Listener;
}

/** Answers requests: checks user and limits, then serves the protocol or the page; each answer is logged. */
export function createHandler(options: HandlerOptions): Handler {
  const gate = new Gate(options.limits.maxRequests, (request) => options.connections.dropSlow(request));
  const handle = async (exchange: Exchange, path: string, admit: () => Promise<void>): Promise<void> => {
    const { request, response } = exchange;
    try {
      setAnswerHeaders(response, path);
      // Older clients recognise a registry only by this header.
      if (path.startsWith("/v2")) response.setHeader("docker-distribution-api-version", "registry/2.0");
      if (options.isClosing()) response.setHeader("connection", "close");
      guardFromBrowser(request, path, options.browsers);
      gate.enter(request, response);
      refuseLargeBody(request, options.limits.maxBodyBytes);
      await admit();
      if (path === "/") await sendPage(exchange);
      else if (!(await sendComingBlob(exchange, path))) await dispatch(exchange, path);
    } catch (error) {
      if (!(error instanceof Problem) && !request.destroyed) options.onError?.(error);
      answerProblem(exchange, error);
    }
  };
  const listener =
    (expectsContinue: boolean): Listener =>
    (request, response) => {
      options.connections.watch(request, response);
      lingerAfter(request, response);
      // It was kept open for another request, and the server is closing.
      response.once("finish", () => void (options.isClosing() && request.complete && request.socket.destroySoon()));
      const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
      const told = tellAnswer(options, { request, response, path });
      const address = request.socket.remoteAddress ?? "";
      const client = () => clientKey(told.user, address);
      const exchange = exchangeOf(options, { request, response, query, client });
      void handle(exchange, path, async () => {
        told.user = (await options.access?.check(request, address)) ?? null;
        invite(response, options.access, told.user);
        if (expectsContinue) response.writeContinue();
      });
    };
  return { onRequest: listener(false), onExpectContinue: listener(true) };
}

/** Some clients learn how to log in from the answer to their first request, whatever that is. */
function invite(response: ServerResponse, access: Access | undefined, user: string | null): void {
  if (access !== undefined && user === null) response.setHeader("www-authenticate", access.challenge);
}

interface Parts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
  readonly client: () => string;
}

function exchangeOf(options: HandlerOptions, { request, response, query, client }: Parts): Exchange {
  const { paths, storage, uploads } = options.root;
  return {
    request,
    response,
    method: request.method ?? "GET",
    client,
    query: new URLSearchParams(query),
    paths,
    storage,
    uploads,
    readOnly: options.readOnly === true || options.upstream !== null,
    sparse: options.sparse === true,
    maxBodyBytes: options.limits.maxBodyBytes,
    upstream: options.upstream,
  };
}

/** Logs the answer once it is sent or abandoned; `user` is set as soon as a password has proved who it is. */
function tellAnswer(
  { onRequest, onAnswer }: HandlerOptions,
  {
    request,
    response,
    path,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly path: string },
): { user: string | null } {
  const told: { user: string | null } = { user: null };
  const method = request.method ?? "GET";
  const [at, start, before] = [Date.now(), performance.now(), request.socket.bytesWritten];
  // The address is no longer available once the connection is closed.
  const client = request.socket.remoteAddress ?? "";
  response.once("close", () => {
    const announced = bodyBytes(method, response);
    const sent = Math.max(0, request.socket.bytesWritten - before);
    const bytes = response.writableFinished ? announced : Math.min(announced, sent);
    const status = response.headersSent ? response.statusCode : CLIENT_LEFT;
    onRequest?.({ method, path, status, bytes });
    onAnswer?.({ at, client, user: told.user, method, path, status, bytes, ms: performance.now() - start });
  });
  return told;
}

function answerProblem(exchange: Exchange, error: unknown): void {
  if (exchange.response.headersSent || exchange.response.destroyed) {
    exchange.response.destroy();
    return;
  }
  const problem = problemOf(error);
  answer(exchange, problem.status, { "content-type": "application/json", ...problem.headers }, problem.body);
}

function problemOf(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  if (hasCode(cause, "DISK_FULL")) return new Problem("UNKNOWN", "the registry's disk is full", { status: 507, cause });
  return new Problem("UNKNOWN", "the registry failed", { cause });
}

function bodyBytes(method: string, response: ServerResponse): number {
  return method === "HEAD" ? 0 : Number(response.getHeader("content-length") ?? 0);
}
