import type { IncomingMessage } from "node:http";
import { isLoopbackHost, literalAddress } from "../http/addresses.ts";
import { Problem } from "./problem.ts";

/** What tells a request that a person's own programs make from one that somebody's page makes in their browser. */
export interface BrowserGuardOptions {
  /** Names that were given for the registry; in lower case, without port. */
  readonly names: readonly string[];
  /** The name or address that it was told to listen on; in lower case. */
  readonly boundTo: string;
  /** True when it listens on a loopback address, and is reached from other machines only through a proxy. */
  readonly isLoopback: () => boolean;
  /** Whether a name is in the certificate that the registry serves https with. */
  readonly isCertified: (name: string) => boolean;
  /** Whether anyone may read what is at this path, and reading it changes nothing. */
  readonly isPublic: (path: string) => boolean;
}

/**
 * Refuses what a browser sends on behalf of a page of another site. Such a page reaches a registry on this machine or
 * network that its author cannot reach, with the password that the browser remembers.
 *
 * @throws {Problem} DENIED
 * @see Fetch Metadata Request Headers; RFC 6454, section 7; RFC 9112, section 3.2
 */
export function guardFromBrowser(request: IncomingMessage, path: string, options: BrowserGuardOptions): void {
  const host = requestHost(request);
  refuseForeignHost(host, options);
  if (!isReading(request)) refuseUnknownName(request, host, options);
  if (!isFromElsewhere(request, host) || isHarmless(request, path, options)) return;
  throw new Problem("DENIED", "a page of another site made this request, and may only read what is public");
}

/**
 * By its own name, a page of another host is of the same origin as a registry, if that name begins to lead to the
 * registry's address after the page was loaded (DNS rebinding).
 */
function refuseForeignHost(host: URL | null, options: BrowserGuardOptions): void {
  const { names, isLoopback } = options;
  if (host === null) {
    if (isLoopback()) throw new Problem("DENIED", "expected the header Host, found none", { status: 400 });
    return;
  }
  if (isKnownName(host, options)) return;
  // Where it is open to a network, it has names that it does not know; an address is not looked up.
  if (!isLoopback() && (names.length === 0 || literalAddress(host) !== null)) return;
  throw unknownName(host);
}

/**
 * Where it is open to a network and was given no names, a browser may read by any name, as a person who opens the page
 * does. To change something, the name must be known: with each such request, a browser says where its page is from.
 */
function refuseUnknownName({ headers }: IncomingMessage, host: URL | null, options: BrowserGuardOptions): void {
  if (headers.origin === undefined && headers["sec-fetch-site"] === undefined) return;
  if (host !== null && literalAddress(host) === null && !isKnownName(host, options)) throw unknownName(host);
}

function isKnownName(host: URL, { names, boundTo, isCertified }: BrowserGuardOptions): boolean {
  const name = nameOf(host);
  return isLoopbackHost(host) || name === boundTo || names.includes(name) || isCertified(name);
}

function unknownName(host: URL): Problem {
  const name = nameOf(host);
  return new Problem(
    "DENIED",
    `host "${name}" is not a name of this registry; start it with --allow-host ${name} if it should be`,
  );
}

function nameOf(host: URL): string {
  return host.hostname.replace(/\.$/, "");
}

/** The host that a request is for; null if it does not say. @throws {Problem} UNSUPPORTED with status 400 */
function requestHost({ headersDistinct, url = "", httpVersion }: IncomingMessage): URL | null {
  const hosts = headersDistinct["host"] ?? [];
  const wrong = (what: string) => new Problem("UNSUPPORTED", what, { status: 400 });
  // A URL as a target has a host of its own, and only proxies are sent one.
  if (!url.startsWith("/") && url !== "*") throw wrong("expected a path, found another form of target");
  if (hosts.length > 1) throw wrong("expected one header Host, found several");
  const [host] = hosts;
  // Only HTTP/1.0 has requests without it.
  if (host === undefined && httpVersion !== "1.0") throw wrong("expected the header Host, found none");
  if (host === undefined) return null;
  const parsed = /^[^/?#@\\\s]+$/.test(host) ? URL.parse(`http://${host}`) : null;
  if (parsed === null) throw wrong("the header Host is not a host with or without a port");
  return parsed;
}

/** True for a request that a browser says to make for a page of another site, or of another port of this one. */
function isFromElsewhere({ headers }: IncomingMessage, host: URL | null): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return headers.origin !== undefined && !isOwnOrigin(headers.origin, host);
}

/** Behind a proxy that ends TLS, the scheme differs. */
function isOwnOrigin(origin: string, host: URL | null): boolean {
  const parsed = URL.parse(origin);
  if (parsed === null || host === null || !/^https?:$/.test(parsed.protocol)) return false;
  return parsed.host === URL.parse(`${parsed.protocol}//${host.host}`)?.host;
}

/** Reading what is public, and following a link to the page: a page elsewhere learns nothing from either. */
function isHarmless(request: IncomingMessage, path: string, { isPublic }: BrowserGuardOptions): boolean {
  const { headers } = request;
  if (!isReading(request)) return false;
  const isLink = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return isPublic(path) || (path === "/" && isLink);
}

function isReading({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}
