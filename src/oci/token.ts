import { PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { parseChallenges } from "./challenge.ts";
import { asObject } from "./decode-descriptor.ts";
import type { Endpoint } from "./endpoints.ts";
import { isHtml } from "./media-types.ts";
import { registryError } from "./registry-error.ts";

/** Where and for what to ask for a token. */
export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | null;
  readonly scope: string;
  /** The registry or mirror whose answer named the realm. */
  readonly namedBy: URL;
}

export interface Token {
  readonly text: string;
  /** Until when to use it, ms since the epoch; somewhat before the server stops taking it. */
  readonly usableUntilMs: number;
}

/** What is assumed when the answer names no lifetime (Docker's token specification). */
const DEFAULT_LIFETIME_SECONDS = 60;
/** Tokens are given up this long before they end, or a tenth of their life before if that is less. */
const MAX_MARGIN_MS = 10_000;
const MAX_TOKEN_BYTES = 256 * 1024;

/**
 * Finds the Bearer challenge among those of a refusal. An endpoint with a preset token may refuse without any
 * challenge (GHCR does, with 403): its token service is then where all of GHCR's are.
 *
 * @returns null when the endpoint offers no way to get a token
 */
export function tokenRequest(header: string | null, endpoint: Endpoint, repository: string): TokenRequest | null {
  const defaultScope = `repository:${repository}:pull`;
  for (const { scheme, parameters } of parseChallenges(header)) {
    const realm = URL.parse(parameters.get("realm") ?? "");
    if (scheme !== "bearer" || realm === null) continue;
    realm.username = "";
    realm.password = "";
    const service = parameters.get("service") ?? null;
    return { realm, service, scope: parameters.get("scope") || defaultScope, namedBy: endpoint.base };
  }
  if (endpoint.presetToken === null) return null;
  const { base } = endpoint;
  return { realm: new URL("token", base), service: base.hostname, scope: defaultScope, namedBy: base };
}

/**
 * Asks a token service for an anonymous token: one attempt, no credentials.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN for a realm that leads from https to http; ADDRESS_FORBIDDEN for one that is nearer
 * to this machine than its registry; HTTP_UNAUTHORIZED, HTTP_FORBIDDEN, HTTP_UNEXPECTED, NOT_A_REGISTRY, BODY_TOO_LARGE, and
 * those of the network
 * @see the Docker Registry v2 token authentication specification
 */
export async function fetchToken(
  request: TokenRequest,
  context: { readonly http: HttpClient; readonly now: () => number; readonly signal: AbortSignal },
): Promise<Token> {
  const url = new URL(request.realm);
  if (request.service !== null) url.searchParams.set("service", request.service);
  url.searchParams.set("scope", request.scope);
  const { http, now, signal } = context;
  const response = await http.request({
    url,
    headers: { accept: "application/json" },
    signal,
    namedBy: request.namedBy,
  });
  if (response.status !== 200) throw await registryError(response, `get a token for "${request.scope}"`);
  if (isHtml(response.header("content-type"))) {
    await response.discard();
    throw unusable(url, "found a web page", "NOT_A_REGISTRY");
  }
  return decodeToken(await response.readBytes(MAX_TOKEN_BYTES), url, now());
}

function decodeToken(bytes: Buffer, url: URL, nowMs: number): Token {
  const document = asObject(parseJson(bytes, url));
  const text = document?.["token"] ?? document?.["access_token"];
  // It becomes a header's value.
  if (typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text)) throw unusable(url, "found none that can be sent");
  return { text, usableUntilMs: nowMs + lifetimeMs(document?.["expires_in"]) };
}

function lifetimeMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === "number" && expiresIn > 0 ? expiresIn : DEFAULT_LIFETIME_SECONDS;
  return seconds * 1000 - Math.min(MAX_MARGIN_MS, seconds * 100);
}

function parseJson(bytes: Buffer, url: URL): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw unusable(url, "found what is not JSON", "HTTP_UNEXPECTED", cause);
  }
}

function unusable(
  url: URL,
  found: string,
  code: "HTTP_UNEXPECTED" | "NOT_A_REGISTRY" = "HTTP_UNEXPECTED",
  cause?: unknown,
): PkgError {
  return new PkgError(code, `Cannot get a token from "${url.origin}${url.pathname}": expected a token, ${found}`, {
    cause,
  });
}
