import { loginHint, registryOf } from "../credentials/credentials.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpMethod, HttpResponse } from "../http/request.ts";
import type { RequestBody } from "../http/request-body.ts";
import type { Reference } from "../oci/reference.ts";
import {
  type Answered,
  type Attempt,
  answerOf,
  isRefusal,
  isRefusedAgain,
  isServiceBroken,
  isSuccess,
  isTokenSent,
  mayHelp,
  type Negotiation,
} from "./attempt.ts";
import { type Audience, Authorizer, type AuthorizerOptions, type Need } from "./auth.ts";
import { type AuthorizationPlan, planFor, planKey, type Refused } from "./authorization-plan.ts";
import { addressOf, type Endpoint, repositoryPath } from "./endpoints.ts";
import { buffered, registryError } from "./registry-error.ts";
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
  /** Locations that are read without their credential, because it was refused. */
  readonly #anonymous = new Set<string>();
  /** Locations that are refused without a credential. */
  readonly #private = new Set<string>();

  constructor(options: AuthorizerOptions) {
    this.#http = options.http;
    this.#onWarning = options.onWarning ?? (() => {});
    this.#authorizer = new Authorizer(options);
  }

  /**
   * Sends a request, and if it is refused for lack of a token or credential, sends it again with that. Any status is
   * returned. A request to another origin than the endpoint's, e.g. an upload's `Location`, carries no credential.
   *
   * What only reads is sent without a credential where the one that is kept is refused, cannot be read or gives no access;
   * a person is told.
   *
   * @throws {PkgError} HTTP_UNAUTHORIZED if a password is refused; CREDENTIALS_INVALID; those of the network and of the
   * token service
   */
  async send(request: RequestToSend): Promise<HttpResponse> {
    const { endpoint } = request;
    if (urlOf(request).origin !== endpoint.base.origin) return this.#send(request, null);
    const { location } = audienceOf(request, false);
    const need = needOf(request);
    if (need.isRead && this.#anonymous.has(location)) return answerOf(await this.#attempt(request, need, true));
    const attempt = await this.#attempt(request, need, false);
    if (need.isRead && !this.#private.has(location)) {
      if (attempt.mayBeAnonymous) return this.#readAnonymously(request, need, attempt);
      if (attempt.isRefused) this.#private.add(location);
    }
    return answerOf(await this.#explained(request, attempt));
  }

  /** Sends the request until it is answered, or until nothing else would help. */
  async #attempt(request: RequestToSend, need: Need, isAnonymous: boolean): Promise<Attempt> {
    const audience = audienceOf(request, isAnonymous);
    const state = { tried: new Set<string>(), sentNothing: false, wantsToken: false };
    try {
      let authorization = await this.#authorizer.current(audience, need, request.signal);
      // Terminates: no plan is carried out twice.
      for (;;) {
        const response = await this.#send(request, authorization);
        const next = await this.#next({ audience, need, state }, { response, authorization }, request.signal);
        if (next === null) return this.#answered(audience, { response, authorization, state }, request.signal);
        authorization = next;
      }
    } catch (error) {
      const isRefused = await this.#isCredentialRefused(audience, error, request.signal);
      return { kind: "failed", error, isRefused, mayBeAnonymous: isRefused && mayHelp(state) };
    }
  }

  /**
   * A token that is not enough is no refusal of the credential, which the token service has accepted, but may be less than
   * what anyone gets: that of a robot account for other repositories.
   */
  async #answered(
    audience: Audience,
    { response, authorization, state }: Answered & { readonly state: Negotiation },
    signal: AbortSignal,
  ): Promise<Attempt> {
    const isRefused =
      isRefusal(response) &&
      isOwn(response, audience) &&
      (await this.#authorizer.isCredential(audience, authorization, signal));
    const isToken = isRefusal(response) && isOwn(response, audience) && isTokenSent(audience.endpoint, authorization);
    const isUseless = isRefused || (isToken && (await this.#authorizer.hasCredential(audience, signal)));
    return { kind: "answered", response, authorization, isRefused, mayBeAnonymous: isUseless && mayHelp(state) };
  }

  async #isCredentialRefused(audience: Audience, error: unknown, signal: AbortSignal): Promise<boolean> {
    if (audience.isAnonymous) return false;
    if (hasCode(error, ...UNREADABLE)) return true;
    if (!hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return false;
    return this.#authorizer.hasCredential(audience, signal);
  }

  /** The `Authorization` to send after a refusal; null if nothing would help. The response is then still to be read. */
  async #next(
    { audience, need, state }: { readonly audience: Audience; readonly need: Need; readonly state: Negotiation },
    { response, authorization }: Answered,
    signal: AbortSignal,
  ): Promise<string | null> {
    // The target of a redirect gets no credential, so it may not name a token service either.
    if (!isRefusal(response) || !isOwn(response, audience)) return null;
    const refused = { status: response.status, challenge: response.header("www-authenticate"), authorization };
    const { presetToken } = audience.endpoint;
    state.sentNothing ||= authorization === null || authorization === `Bearer ${presetToken}`;
    state.wantsToken ||= planFor(audience.endpoint, null, refused)?.kind === "token";
    for (let failure: unknown = null; ; ) {
      const plan = await this.#plan(audience, { refused, tried: state.tried }, { response, signal });
      if (plan === null && failure !== null) throw failure;
      if (plan === null) return null;
      state.tried.add(planKey(plan));
      // Discarded before waiting for the token: unread refusals could otherwise occupy all connections and block it.
      await response.discard();
      try {
        return await this.#authorizer.renew(audience, { refused: authorization, plan, need }, signal);
      } catch (error) {
        if (!isServiceBroken(error)) throw error;
        failure = error;
      }
    }
  }

  async #plan(
    audience: Audience,
    refusal: { readonly refused: Refused; readonly tried: ReadonlySet<string> },
    { response, signal }: { readonly response: HttpResponse; readonly signal: AbortSignal },
  ): Promise<AuthorizationPlan | null> {
    try {
      return await this.#authorizer.plan(audience, refusal, signal);
    } catch (error) {
      await response.discard();
      throw error;
    }
  }

  /** Public content must not be out of reach for a credential that is stale; where it is not public, `refused` counts. */
  async #readAnonymously(request: RequestToSend, need: Need, refused: Attempt): Promise<HttpResponse> {
    const kept = refused.kind === "failed" ? refused : { ...refused, response: await buffered(refused.response) };
    const second = await this.#attempt(request, need, true);
    if (isRefusedAgain(second) || (!refused.isRefused && !isSuccess(second))) {
      this.#private.add(audienceOf(request, false).location);
      if (second.kind === "answered") await second.response.discard();
      return answerOf(await this.#explained(request, kept));
    }
    if (second.kind === "answered" && second.response.status < 429) {
      const { location } = audienceOf(request, false);
      this.#anonymous.add(location);
      this.warn(await this.#refusalOf(request, kept));
    }
    return answerOf(second);
  }

  async #refusalOf(request: RequestToSend, attempt: Attempt): Promise<string> {
    if (attempt.kind === "failed" && hasCode(attempt.error, ...UNREADABLE)) {
      return `${attempt.error.message}; reading anonymously`;
    }
    const audience = audienceOf(request, false);
    const source = await this.#authorizer.sourceOf(audience, request.signal);
    const which = source === null ? "that are kept for it" : `from ${source}`;
    const registry = registryOf(audience.location);
    return attempt.isRefused
      ? `"${registry}" refuses the credentials ${which}; reading anonymously`
      : `"${audience.location}" cannot be read with the credentials ${which}; reading anonymously`;
  }

  /** Adds to the refusal of a credential where that comes from. */
  async #explained(request: RequestToSend, attempt: Attempt): Promise<Attempt> {
    const failed = attempt.kind === "answered" ? await refusedPassword(request, attempt) : attempt;
    if (failed.kind !== "failed" || !hasCode(failed.error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return failed;
    const { error } = failed;
    const audience = audienceOf(request, false);
    const source = await this.#authorizer.sourceOf(audience, request.signal);
    if (source === null || error.hint === undefined) return failed;
    const hint = `${error.hint}; those that were refused come from ${source}`;
    return { ...failed, error: new PkgError(error.code, error.message, { hint, cause: error }) };
  }

  /** Tells a person what was put up with, once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#onWarning(message);
  }

  warm(endpoint: Endpoint, count: number): void {
    this.#http.warm(endpoint.base, count);
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

/** What looking up a credential fails with. */
const UNREADABLE = ["CREDENTIALS_INVALID", "PERMISSION_DENIED", "FILE_SYSTEM"] as const;

function isOwn(response: HttpResponse, { endpoint }: Pick<Audience, "endpoint">): boolean {
  return response.url.origin === endpoint.base.origin;
}

function urlOf({ endpoint, reference, path }: RequestToSend): URL {
  return typeof path === "string" ? addressOf(endpoint, reference, path) : path;
}

function audienceOf({ endpoint, reference }: RequestToSend, isAnonymous: boolean): Audience {
  const repository = reference.name === "" ? "" : repositoryPath(reference);
  // A mirror has its own credentials and never gets those of the registry that it mirrors.
  const registry = endpoint.kind === "mirror" ? endpoint.base.host : reference.registry;
  const location = repository === "" ? registry : `${registry}/${repository}`;
  return { endpoint, repository, location, isAnonymous };
}

function needOf({ method = "GET", mountFrom = null, reference }: RequestToSend): Need {
  const repository = reference.name === "" ? "" : repositoryPath(reference);
  return { scopes: neededScopes({ method, repository, mountFrom }), isRead: isRead(method) };
}

/** Some registries (Harbor) refuse a mount with 401 if the other repository does not exist; the caller then uploads. */
async function refusedPassword(
  request: RequestToSend,
  attempt: Extract<Attempt, { readonly kind: "answered" }>,
): Promise<Attempt> {
  const { response, authorization } = attempt;
  const isRefused = response.status === 401 && isOwn(response, request);
  const isMount = request.mountFrom !== undefined && request.mountFrom !== null;
  if (!isRefused || isMount || authorization === null || !authorization.startsWith("Basic ")) return attempt;
  const registry = registryOf(audienceOf(request, false).location);
  const error = await registryError(response, `ask "${registry}" with the credentials that are kept for it`);
  const told =
    error.code === "HTTP_UNAUTHORIZED"
      ? new PkgError(error.code, error.message, { cause: error, hint: loginHint(registry) })
      : error;
  return { ...attempt, kind: "failed", error: told };
}
