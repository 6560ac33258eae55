import { loginHint, registryOf } from "../credentials/credentials.ts";
import { PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpMethod, HttpResponse } from "../http/request.ts";
import type { RequestBody } from "../http/request-body.ts";
import type { Reference } from "../oci/reference.ts";
import { type Audience, Authorizer, type AuthorizerOptions, type Need } from "./auth.ts";
import type { AuthorizationPlan } from "./authorization-plan.ts";
import { addressOf, type Endpoint, repositoryPath } from "./endpoints.ts";
import { registryError } from "./registry-error.ts";
import { isRead, neededScopes } from "./token-scopes.ts";

/** A request to one endpoint of a registry. */
export interface RequestToSend {
  readonly endpoint: Endpoint;
  /** The repository for the token's scope; an empty name stands for the registry's list of repositories. */
  readonly reference: Reference;
  /** A path below the repository, e.g. `manifests/latest`; or a URL from the registry (a page, an upload). */
  readonly path: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Default GET. */
  readonly method?: HttpMethod;
  /** Sent again from the start if the request is repeated with a token. */
  readonly body?: RequestBody;
  /** Another repository of the same registry that needs read access, because a blob is mounted from it. */
  readonly mountFrom?: string | null;
  /** The maximum number of redirects to follow; default 5. */
  readonly maxRedirects?: number;
}

/** Sends requests to registries, with the authorization that each requires. */
export class RequestSender {
  readonly #http: HttpClient;
  readonly #authorizer: Authorizer;
  readonly #onWarning: (message: string) => void;
  readonly #warned = new Set<string>();

  constructor(options: AuthorizerOptions) {
    this.#http = options.http;
    this.#onWarning = options.onWarning ?? (() => {});
    this.#authorizer = new Authorizer(options);
  }

  /**
   * Sends a request, and if it is refused for lack of a token or credential, sends it again with that. Any status is
   * returned. A request to another origin than the endpoint's, e.g. an upload's `Location`, carries no credential.
   *
   * @throws {PkgError} HTTP_UNAUTHORIZED if a password is refused; CREDENTIALS_INVALID; those of the network and of the
   * token service
   */
  async send(request: RequestToSend): Promise<HttpResponse> {
    const { endpoint, signal } = request;
    if (urlOf(request).origin !== endpoint.base.origin) return this.#send(request, null);
    const audience = audienceOf(request);
    const need = needOf(request, audience);
    let authorization = await this.#authorizer.current(audience, need, signal);
    // Terminates: a credential is never tried twice, and the refusal of a new token is final.
    for (let tried: AuthorizationPlan["kind"] | null = null; ; ) {
      const response = await this.#send(request, authorization);
      const plan: AuthorizationPlan | null =
        tried === "token" ? null : await this.#plan(audience, { response, authorization }, signal);
      if (plan === null) return refusingWrongPassword(request, { response, authorization });
      // Discarded before waiting for the token: unread refusals could otherwise occupy all connections and block it.
      await response.discard();
      authorization = await this.#authorizer.renew(audience, { refused: authorization, plan, need }, signal);
      tried = plan.kind;
    }
  }

  /** Tells a person what was put up with, once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#onWarning(message);
  }

  warm(endpoint: Endpoint): void {
    this.#http.warm(endpoint.base);
  }

  /** The target of a redirect gets no credential, so it may not name a token service either. */
  async #plan(
    audience: Audience,
    { response, authorization }: Answered,
    signal: AbortSignal,
  ): Promise<AuthorizationPlan | null> {
    if (response.url.origin !== audience.endpoint.base.origin) return null;
    const challenge = response.header("www-authenticate");
    try {
      return await this.#authorizer.plan(audience, { status: response.status, challenge, authorization }, signal);
    } catch (error) {
      await response.discard();
      throw error;
    }
  }

  #send(request: RequestToSend, authorization: string | null): Promise<HttpResponse> {
    const { endpoint, headers, signal, method = "GET", body, maxRedirects } = request;
    const url = urlOf(request);
    return this.#http.request({
      url,
      method,
      headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
      signal,
      ...(body === undefined ? {} : { body }),
      ...(maxRedirects === undefined ? {} : { maxRedirects }),
      ...(url.origin === endpoint.base.origin ? {} : { namedBy: endpoint.base }),
    });
  }
}

/** A response, and the `Authorization` that was sent for it. */
interface Answered {
  readonly response: HttpResponse;
  readonly authorization: string | null;
}

function urlOf({ endpoint, reference, path }: RequestToSend): URL {
  return typeof path === "string" ? addressOf(endpoint, reference, path) : path;
}

function audienceOf({ endpoint, reference }: RequestToSend): Audience {
  const repository = reference.name === "" ? "" : repositoryPath(reference);
  // A mirror has its own credentials and never gets those of the registry that it mirrors.
  const registry = endpoint.kind === "mirror" ? endpoint.base.host : reference.registry;
  return { endpoint, repository, location: repository === "" ? registry : `${registry}/${repository}` };
}

function needOf({ method = "GET", mountFrom = null }: RequestToSend, { repository }: Audience): Need {
  return { scopes: neededScopes({ method, repository, mountFrom }), isRead: isRead(method) };
}

/** Some registries (Harbor) refuse a mount with 401 if the other repository does not exist; the caller then uploads. */
async function refusingWrongPassword(
  request: RequestToSend,
  { response, authorization }: Answered,
): Promise<HttpResponse> {
  const isRefusal = response.status === 401 && response.url.origin === request.endpoint.base.origin;
  const isMount = request.mountFrom !== undefined && request.mountFrom !== null;
  if (!isRefusal || isMount || authorization === null || !authorization.startsWith("Basic ")) return response;
  const registry = registryOf(audienceOf(request).location);
  const error = await registryError(response, `ask "${registry}" with the credentials that are kept for it`);
  throw error.code === "HTTP_UNAUTHORIZED"
    ? new PkgError(error.code, error.message, { cause: error, hint: loginHint(registry) })
    : error;
}
