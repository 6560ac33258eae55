import type { HttpClient, HttpResponse } from "../http/client.ts";
import { type Audience, Authorizer } from "./auth.ts";
import { addressOf, type Endpoint, repositoryPath } from "./endpoints.ts";
import type { Reference } from "./reference.ts";
import { type TokenRequest, tokenRequest } from "./token.ts";

export interface ExchangeRequest {
  readonly endpoint: Endpoint;
  /** Whose name the token's scope has. */
  readonly reference: Reference;
  /** Below the repository, e.g. `manifests/latest`; or the URL of another page at the same origin. */
  readonly path: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Requests to registries, authorized as each asks for it. */
export class Exchange {
  readonly #http: HttpClient;
  readonly #authorizer: Authorizer;

  constructor(options: { readonly http: HttpClient; readonly now: () => number }) {
    this.#http = options.http;
    this.#authorizer = new Authorizer(options);
  }

  /**
   * Sends a GET, and once more with a new token when it is refused for want of one. Any status is returned.
   *
   * @throws {PkgError} those of the network and of the token service
   */
  async get(request: ExchangeRequest): Promise<HttpResponse> {
    const { endpoint, reference } = request;
    const audience = { endpoint, repository: repositoryPath(reference) };
    const refused = await this.#authorizer.current(audience, request.signal);
    const response = await this.#send(request, refused);
    const wanted = wantedToken(audience, refused, response);
    if (wanted === null) return response;
    // Before the token is waited for: as many refusals as there are connections would else block its request.
    await response.discard();
    const token = await this.#authorizer.renew(audience, { refused, request: wanted }, request.signal);
    return this.#send(request, token);
  }

  warm(endpoint: Endpoint): void {
    this.#http.warm(endpoint.base);
  }

  #send(request: ExchangeRequest, token: string | null): Promise<HttpResponse> {
    const { endpoint, reference, path, headers, signal } = request;
    const url = typeof path === "string" ? addressOf(endpoint, reference, path) : path;
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    return this.#http.request({ url, headers: { ...headers, ...authorization }, signal });
  }
}

/** What token the answer asks for; null when it is no refusal, or none that a token would change. */
function wantedToken(
  { endpoint, repository }: Audience,
  sent: string | null,
  response: HttpResponse,
): TokenRequest | null {
  // 403 means a real refusal, but for the token that is no real one.
  const isPreset = sent !== null && sent === endpoint.presetToken;
  if (response.status !== 401 && !(response.status === 403 && isPreset)) return null;
  // A host that was redirected to gets no token, so it does not say where one is fetched.
  if (response.url.origin !== endpoint.base.origin) return null;
  return tokenRequest(response.header("www-authenticate"), endpoint, repository);
}
