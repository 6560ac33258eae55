import { createHash } from "node:crypto";
import { TLSSocket } from "node:tls";
import { isLoopbackHost } from "../http/addresses.ts";
import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { type PageQuery, readPageContent } from "./page-content.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { renderPage } from "./page-view.ts";

const STYLE_HASH = createHash("sha256").update(PAGE_STYLE).digest("base64");

/** The page loads nothing and runs no script; its style sheet is allowed by its hash. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
};

const MAX_SEARCH_CHARACTERS = 200;
const MAX_PAGE = 1_000_000;

/** Answers with a page about the content: `?q=` searches, `?page=` turns, `?repository=` shows all versions of one. */
export async function sendPage(exchange: Exchange): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const content = await readPageContent(exchange, pageQuery(exchange.query));
  const page = renderPage(content, {
    ...reachedBy(exchange, hostOf(exchange)),
    hasPassword: exchange.request.headers.authorization !== undefined,
    upstream: exchange.upstream?.registry ?? null,
    isReadOnly: exchange.readOnly,
  });
  answer(exchange, 200, HEADERS, page);
}

function pageQuery(query: URLSearchParams): PageQuery {
  const page = query.get("page") ?? "";
  return {
    search: (query.get("q") ?? "").trim().slice(0, MAX_SEARCH_CHARACTERS),
    page: /^[1-9]\d{0,6}$/.test(page) ? Math.min(Number(page), MAX_PAGE) : 1,
    repository: query.get("repository"),
  };
}

/** The host that the client used, so that commands copied from the page work. One that is not valid is not repeated. */
function hostOf({ request }: Exchange): string {
  const host = request.headers.host ?? "";
  if (/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return host.toLowerCase();
  const { localAddress = "127.0.0.1", localPort = 0 } = request.socket;
  return `${localAddress.includes(":") ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** The scheme is that of the connection, or what a proxy in front says: the answer goes to nobody else. */
function reachedBy(
  { request }: Exchange,
  host: string,
): { readonly host: string; readonly options: string; readonly scheme: "http" | "https" } {
  const isTls = request.socket instanceof TLSSocket || request.headers["x-forwarded-proto"] === "https";
  // Clients speak plain http to loopback unless they are told not to.
  const isNear = URL.canParse(`http://${host}`) && isLoopbackHost(new URL(`http://${host}`));
  const options = isTls === !isNear ? "" : isTls ? " --no-plain-http" : " --plain-http";
  return { host: withPort(host, isTls), options, scheme: isTls ? "https" : "http" };
}

/** A name without dot and port would be taken for the first part of a path. */
function withPort(host: string, isTls: boolean): string {
  return /[.:]/.test(host) || host === "localhost" ? host : `${host}:${isTls ? 443 : 80}`;
}
