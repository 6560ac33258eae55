import { asObject, parseJson } from "../base/json.ts";
import { basicAuthorization, type Credential, loginHint } from "../credentials/credentials.ts";
import { hasCode, PkgError } from "../errors.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpResponse } from "../http/request.ts";
import { isHtml } from "../oci/media-types.ts";
import { registryError } from "./registry-error.ts";
import { formatScopes, type Scopes } from "./token-scopes.ts";

/** The token service that a challenge names. */
export interface TokenService {
  readonly realm: URL;
  readonly service: string | null;
  /** The registry or mirror whose answer named the realm. */
  readonly namedBy: URL;
}

/** The token to request, and the credential to request it with. */
export interface TokenRequest extends TokenService {
  readonly scopes: Scopes;
  /** Null: anonymous. */
  readonly credential: Credential | null;
  /** The registry's name for `pkg login`, e.g. `ghcr.io`. */
  readonly registry: string;
}

/** A bearer token. */
export interface Token {
  readonly text: string;
  /** When to stop using it, in ms since the epoch; somewhat before it expires. */
  readonly usableUntilMs: number;
}

/** What fetching a token takes. */
export interface TokenContext {
  readonly http: HttpClient;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** The default if the response has no lifetime (Docker's token specification). */
const DEFAULT_LIFETIME_SECONDS = 60;
/** How long before it expires a token is no longer used; a tenth of its lifetime if that is less. */
const MAX_MARGIN_MS = 10_000;
const MAX_TOKEN_BYTES = 256 * 1024;

/** The statuses with which token services answer a method that they do not support: GET where only OAuth2 is, or POST. */
const NO_METHOD_STATUSES: readonly number[] = [404, 405, 501];
/** The statuses for a wrong refresh token or password; OAuth2 uses 400 (RFC 6749, section 5.2). */
const OAUTH_REFUSALS: readonly number[] = [400, 401, 403];

/**
 * Requests a token from a token service: anonymously, with user name and password (GET, or POST if the service does not
 * support GET), or with an identity token (POST). A refused password is not sent again.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN for a realm that leads from https to http, or that must not get a credential;
 * ADDRESS_FORBIDDEN for one that is nearer to this machine than its registry; HTTP_UNAUTHORIZED, HTTP_FORBIDDEN,
 * HTTP_UNEXPECTED, NOT_A_REGISTRY, BODY_TOO_LARGE, and those of the network
 * @see the Docker Registry v2 token authentication specification, and its OAuth2 part
 */
export async function fetchToken(request: TokenRequest, context: TokenContext): Promise<Token> {
  if (request.credential !== null) assertMayReceiveCredential(request);
  const response = await ask(request, context);
  if (response.status !== 200) throw await refusal(response, request);
  const url = request.realm;
  if (isHtml(response.header("content-type"))) {
    await response.discard();
    throw unusable(url, "found a web page", "NOT_A_REGISTRY");
  }
  return decodeToken(await response.readBytes(MAX_TOKEN_BYTES), url, context.now());
}

/**
 * A realm may be on another host; a credential is sent there only over https, or within this machine. For everything
 * named in a response, the HTTP client itself refuses to go from https to http.
 */
function assertMayReceiveCredential({ realm, namedBy, registry }: TokenRequest): void {
  if (realm.origin === namedBy.origin || realm.protocol === "https:") return;
  if (realm.protocol === "http:" && namedBy.protocol === "http:" && isLoopbackHost(realm) && isLoopbackHost(namedBy)) {
    return;
  }
  throw new PkgError(
    "REDIRECT_FORBIDDEN",
    `Cannot log in to "${registry}": its token service "${realm.origin}" is not https`,
    { hint: "A credential is sent over https, or to the registry itself" },
  );
}

async function ask(request: TokenRequest, context: TokenContext): Promise<HttpResponse> {
  const { credential } = request;
  if (credential?.kind === "identity-token") {
    return post(request, context, { grant_type: "refresh_token", refresh_token: credential.token });
  }
  const response = await get(request, context);
  if (credential?.kind !== "basic" || !NO_METHOD_STATUSES.includes(response.status)) return response;
  await response.discard();
  const { username, password } = credential;
  return post(request, context, { grant_type: "password", username, password });
}

function get({ realm, service, scopes, namedBy, credential }: TokenRequest, context: TokenContext) {
  const url = new URL(realm);
  if (service !== null) url.searchParams.set("service", service);
  url.searchParams.delete("scope");
  for (const scope of formatScopes(scopes)) url.searchParams.append("scope", scope);
  const authorization = credential?.kind === "basic" ? { authorization: basicAuthorization(credential) } : {};
  const headers = { accept: "application/json", ...authorization };
  return context.http.request({ url, headers, signal: context.signal, namedBy });
}

/** Follows no redirects, because they could send the body, which is a secret, anywhere. */
function post(request: TokenRequest, context: TokenContext, grant: Readonly<Record<string, string>>) {
  const { realm, service, scopes, namedBy } = request;
  const scope = formatScopes(scopes).join(" ");
  const form = new URLSearchParams({ ...grant, client_id: "pkg" });
  if (service !== null) form.set("service", service);
  if (scope !== "") form.set("scope", scope);
  return context.http.request({
    url: realm,
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
    maxRedirects: 0,
    signal: context.signal,
    namedBy,
  });
}

async function refusal(response: HttpResponse, { scopes, credential, registry }: TokenRequest): Promise<PkgError> {
  const { status } = response;
  const scope = formatScopes(scopes).join(" ");
  const error = await registryError(
    response,
    scope === "" ? `get a token of "${registry}"` : `get a token for "${scope}"`,
  );
  // A service that knows no such request takes no identity token at all.
  const isUntakable = credential?.kind === "identity-token" && NO_METHOD_STATUSES.includes(status);
  if (credential === null || !(isUntakable || OAUTH_REFUSALS.includes(status))) return error;
  if (!hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED") && !isUntakable) return error;
  const code = isUntakable || status === 400 ? "HTTP_UNAUTHORIZED" : error.code;
  return new PkgError(code, error.message, { cause: error, hint: loginHint(registry) });
}

function decodeToken(bytes: Buffer, url: URL, nowMs: number): Token {
  const document = asObject(parseJson(bytes.toString("utf8"), () => unusable(url, "found something that is not JSON")));
  // It becomes the value of a header. Some services leave one of the two empty.
  const text = [document?.["token"], document?.["access_token"]].find(isSendable);
  if (text === undefined) throw unusable(url, "found none that is valid in a header");
  return { text, usableUntilMs: nowMs + lifetimeMs(document?.["expires_in"]) };
}

function isSendable(text: unknown): text is string {
  return typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
}

function lifetimeMs(expiresIn: unknown): number {
  const seconds = typeof expiresIn === "number" && expiresIn > 0 ? expiresIn : DEFAULT_LIFETIME_SECONDS;
  return seconds * 1000 - Math.min(MAX_MARGIN_MS, seconds * 100);
}

function unusable(url: URL, found: string, code: "HTTP_UNEXPECTED" | "NOT_A_REGISTRY" = "HTTP_UNEXPECTED"): PkgError {
  return new PkgError(code, `Cannot get a token from "${url.origin}${url.pathname}": expected a token, ${found}`);
}
