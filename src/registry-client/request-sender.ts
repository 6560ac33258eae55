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

export interface RequestToSend {
  readonly endpoint: Endpoint;
  /** Whose name the token's scope has; a name that is empty stands for the registry's list of repositories. */
  readonly reference: Reference;
  /** Below the repository, e.g. `manifests/latest`; or a URL that the registry itself named (a page, an upload). */
  readonly path: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Default GET. */
  readonly method?: HttpMethod;
  /** Sent again from its start when the request is repeated with a token. */
  readonly body?: RequestBody;
  /** Another repository of the same registry that is read as well: one that a blob is mounted from. */
  readonly mountFrom?: string | null;
  /** Redirects followed at most; default 5. */
  readonly maxRedirects?: number;
}

/** Requests to registries, authorized as each asks for it. */
export class RequestSender {
  readonly #http: HttpClient;
  readonly #authorizer: Authorizer;

  constructor(options: AuthorizerOptions) {
    this.#http = options.http;
    this.#authorizer = new Authorizer(options);
  }

  /**
   * Sends a request, and again with what it takes when it is refused for want of a token or a credential. Any status is
   * returned. What goes to another origin than the endpoint's, an upload's `Location` say, carries no credential.
   *
   * @throws {PkgError} HTTP_UNAUTHORIZED when a password is refused; CREDENTIALS_INVALID; those of the network and of the
   * token service
   */
  async send(request: RequestToSend): Promise<HttpResponse> {
    const { endpoint, signal } = request;
    if (urlOf(request).origin !== endpoint.base.origin) return this.#send(request, null);
    const audience = audienceOf(request);
    const need = needOf(request, audience);
    let authorization = await this.#authorizer.current(audience, need, signal);
    // Ends: a credential is never planned twice, and a token that is refused when it is new is the last word.
    for (let tried: AuthorizationPlan["kind"] | null = null; ; ) {
      const response = await this.#send(request, authorization);
      const plan: AuthorizationPlan | null =
        tried === "token" ? null : await this.#plan(audience, { response, authorization }, signal);
      if (plan === null) return refusingWrongPassword(request, { response, authorization });
      // Before the token is waited for: as many refusals as there are connections would else block its request.
      await response.discard();
      authorization = await this.#authorizer.renew(audience, { refused: authorization, plan, need }, signal);
      tried = plan.kind;
    }
  }

  warm(endpoint: Endpoint): void {
    this.#http.warm(endpoint.base);
  }

  /** A host that was redirected to gets no credential, so it does not say where a token is fetched either. */
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

/** An answer and the `Authorization` that it is an answer to. */
interface Answered {
  readonly response: HttpResponse;
  readonly authorization: string | null;
}

function urlOf({ endpoint, reference, path }: RequestToSend): URL {
  return typeof path === "string" ? addressOf(endpoint, reference, path) : path;
}

function audienceOf({ endpoint, reference }: RequestToSend): Audience {
  const repository = reference.name === "" ? "" : repositoryPath(reference);
  // A mirror has credentials of its own; never those of the registry that it stands for.
  const registry = endpoint.kind === "mirror" ? endpoint.base.host : reference.registry;
  return { endpoint, repository, location: repository === "" ? registry : `${registry}/${repository}` };
}

function needOf({ method = "GET", mountFrom = null }: RequestToSend, { repository }: Audience): Need {
  return { scopes: neededScopes({ method, repository, mountFrom }), isRead: isRead(method) };
}

/** A mount is refused with 401 by some (Harbor) for want of the other repository: its caller uploads then. */
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
