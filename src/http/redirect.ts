import { PkgError } from "../errors.ts";
import { shownUrl } from "./failures.ts";
import type { RequestBody } from "./request-body.ts";

/** How many redirects in a row are followed. */
export const DEFAULT_MAX_REDIRECTS = 5;

const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/** Headers that speak for the user to one origin, and to no other. */
const CREDENTIAL_HEADERS: readonly string[] = ["authorization", "cookie", "proxy-authorization"];

/** One request of a chain of redirects; header names in lower case. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | null;
}

/** Where an answer sends the request on to, or null when it is not a redirect. */
export function redirectLocation(status: number, location: string | null): string | null {
  return REDIRECT_STATUSES.includes(status) ? location : null;
}

/**
 * The request that follows `hop` (RFC 9110, 15.4). Credentials stay behind when scheme, host or port changes.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN when the target is not a URL, not http or https, or http after https
 */
export function nextHop(hop: Hop, status: number, location: string): Hop {
  const url = targetOf(hop.url, location);
  const asGet = status === 303 ? hop.method !== "HEAD" : status <= 302 && hop.method === "POST";
  const headers = url.origin === hop.url.origin ? hop.headers : without(hop.headers, CREDENTIAL_HEADERS);
  if (!asGet) return { ...hop, url, headers };
  return { url, method: "GET", headers: without(headers, ["content-type", "content-length"]), body: null };
}

/**
 * The URL that an answer names (`Location`, `Link`, a token realm); null if it is none. Behind a proxy that ends TLS, a
 * server may know itself by http alone: its own address is then meant as it was asked, by https.
 */
export function namedUrl(text: string, from: URL): URL | null {
  const url = URL.parse(text.trim(), from);
  if (url === null || url.protocol !== "http:" || from.protocol !== "https:") return url;
  const isOwn = url.hostname === from.hostname && (url.port === "" || (url.port || "80") === (from.port || "443"));
  if (!isOwn) return url;
  url.protocol = "https:";
  url.port = from.port;
  return url;
}

function targetOf(from: URL, location: string): URL {
  const url = namedUrl(location, from);
  if (url === null) throw redirectForbidden(from, "its target is not a URL");
  assertNoDowngrade(from, url);
  url.hash = "";
  url.username = "";
  url.password = "";
  return url;
}

/**
 * What `from` names (a redirect, a token realm, a link) must not be less secure than `from` itself.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN
 */
export function assertNoDowngrade(from: URL, to: URL): void {
  const isHttp = to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:");
  if (!isHttp) throw redirectForbidden(from, `"${to.protocol}" is refused after "${from.protocol}"`);
}

/** Refuses loops and chains that are too long. */
export class RedirectTrail {
  readonly #start: URL;
  readonly #maxRedirects: number;
  readonly #seen = new Set<string>();

  constructor(start: URL, maxRedirects: number) {
    this.#start = start;
    this.#maxRedirects = maxRedirects;
  }

  /** @throws {PkgError} REDIRECT_FORBIDDEN */
  add(hop: Hop): void {
    const key = `${hop.method} ${hop.url.href}`;
    if (this.#seen.has(key)) throw redirectForbidden(this.#start, `it comes back to "${shownUrl(hop.url)}"`);
    this.#seen.add(key);
    if (this.#seen.size > this.#maxRedirects + 1) {
      throw redirectForbidden(this.#start, `more than ${this.#maxRedirects} in a row`);
    }
  }
}

function redirectForbidden(from: URL, why: string): PkgError {
  return new PkgError("REDIRECT_FORBIDDEN", `Cannot follow the redirect of "${shownUrl(from)}": ${why}`);
}

function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
