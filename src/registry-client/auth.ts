import { SharedTask } from "../base/shared-task.ts";
import { basicAuthorization, type Credential, type Credentials, registryOf } from "../credentials/credentials.ts";
import type { HttpClient } from "../http/client.ts";
import { type AuthorizationPlan, planFor, presetAuthorization, type Refused } from "./authorization-plan.ts";
import type { Endpoint } from "./endpoints.ts";
import { fetchToken, type Token, type TokenRequest } from "./token.ts";
import { coversScopes, extendScopes, mergeScopes, NO_SCOPES, type Scopes } from "./token-scopes.ts";

/** What an authorization is for: one repository of one endpoint. It is never sent anywhere else. */
export interface Audience {
  readonly endpoint: Endpoint;
  /** The repository's name as in the path after `/v2/`; empty: none. */
  readonly repository: string;
  /** The key for looking up credentials: a registry's name or a mirror's host, with the repository. */
  readonly location: string;
  /** True for access without the credential, which has its own tokens. */
  readonly isAnonymous: boolean;
}

/** What a request needs to be allowed to do. */
export interface Need {
  readonly scopes: Scopes;
  readonly isRead: boolean;
}

/** What an Authorizer works with. */
export interface AuthorizerOptions {
  readonly http: HttpClient;
  readonly now: () => number;
  readonly credentials?: Credentials | undefined;
  /** Called with what was put up with, in words for a person. Default: nobody is told. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

interface Grant {
  readonly request: TokenRequest;
  /** The scopes we needed when it was requested; a registry may use other names for them. */
  readonly covered: Scopes;
  readonly task: SharedTask<Token>;
  /** Null until it has been received. */
  token: Token | null;
}

/** Fetches tokens and credentials, each once for all concurrent requests, and caches them while they are valid. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #grants = new Map<string, Grant>();
  /**
   * The `Authorization` of endpoints, or repositories of those with a preset token, that accept the credential itself.
   */
  readonly #direct = new Map<string, string>();
  readonly #credentials = new Map<string, SharedTask<Credential | null>>();

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /**
   * The `Authorization` to send before any challenge; null: none is known. A token that has expired or lacks a needed
   * scope is fetched again.
   *
   * @throws {PkgError} errors of the token service and of the credentials' lookup
   */
  async current(audience: Audience, need: Need, signal: AbortSignal): Promise<string | null> {
    const grant = this.#grants.get(keyOf(audience));
    if (grant !== undefined) return this.#authorization(this.#adequate(audience, grant, need), signal);
    const direct = this.#direct.get(directKey(audience));
    if (direct !== undefined && isMadeOf(await this.#credential(audience, signal), direct)) return direct;
    const { presetToken } = audience.endpoint;
    if (presetToken === null) return null;
    const own = need.isRead ? null : presetAuthorization(await this.#credential(audience, signal));
    return own ?? `Bearer ${presetToken}`;
  }

  /** How to respond to a refusal, but for the plans that were tried; null if nothing would help. */
  async plan(
    audience: Audience,
    { refused, tried }: { readonly refused: Refused; readonly tried: ReadonlySet<string> },
    signal: AbortSignal,
  ): Promise<AuthorizationPlan | null> {
    if (refused.status !== 401 && refused.status !== 403) return null;
    return planFor(audience.endpoint, await this.#credential(audience, signal), refused, tried);
  }

  /** True if a credential is known for an audience. @throws {PkgError} as Credentials.credentialsFor */
  async hasCredential(audience: Audience, signal: AbortSignal): Promise<boolean> {
    return (await this.#credential(audience, signal)) !== null;
  }

  /** True for an `Authorization` that is the credential itself, not a token for it. @throws {PkgError} as above */
  async isCredential(audience: Audience, authorization: string | null, signal: AbortSignal): Promise<boolean> {
    return authorization !== null && isMadeOf(await this.#credential(audience, signal), authorization);
  }

  /** Where the credential for an audience comes from, in words; null if that is not known. */
  async sourceOf({ location }: Audience, signal: AbortSignal): Promise<string | null> {
    return (await this.#options.credentials?.sourceOf?.(location, signal)) ?? null;
  }

  /**
   * The `Authorization` to send after `refused` was refused: a token received in the meantime, else one by `plan`.
   *
   * @throws {PkgError} errors of the token service
   */
  async renew(
    audience: Audience,
    { refused, plan, need }: { readonly refused: string | null; readonly plan: AuthorizationPlan; readonly need: Need },
    signal: AbortSignal,
  ): Promise<string> {
    if (plan.kind === "direct") {
      this.#direct.set(directKey(audience), plan.authorization);
      // A token that was refused for it must not be sent first again.
      this.#grants.delete(keyOf(audience));
      return plan.authorization;
    }
    const known = this.#grants.get(keyOf(audience));
    const isNews = known !== undefined && this.#isUsable(known) && !isTokenOf(known, refused);
    if (isNews && coversScopes(known.covered, need.scopes)) return this.#authorization(known, signal);
    const wanted = wantedScopes(plan.challenged, need);
    const request = {
      ...plan.service,
      scopes: extendScopes(known?.request.scopes ?? NO_SCOPES, wanted),
      credential: await this.#credential(audience, signal),
      registry: registryOf(audience.location),
    };
    const covered = extendScopes(known?.covered ?? NO_SCOPES, need.scopes);
    return this.#authorization(this.#grant(audience, request, covered), signal);
  }

  /** The same grant if it is valid and covers what is needed, else a new one that covers both. */
  #adequate(audience: Audience, grant: Grant, need: Need): Grant {
    const covers = coversScopes(grant.covered, need.scopes);
    if (covers && this.#isUsable(grant)) return grant;
    if (covers) return this.#grant(audience, grant.request, grant.covered);
    const scopes = extendScopes(grant.request.scopes, need.scopes);
    return this.#grant(audience, { ...grant.request, scopes }, extendScopes(grant.covered, need.scopes));
  }

  async #authorization(grant: Grant, signal: AbortSignal): Promise<string> {
    return `Bearer ${(await grant.task.join(signal)).text}`;
  }

  #isUsable({ task, token }: Grant): boolean {
    return !task.abandoned && (token === null || this.#options.now() < token.usableUntilMs);
  }

  #grant(audience: Audience, request: TokenRequest, covered: Scopes): Grant {
    const key = keyOf(audience);
    const { http, now } = this.#options;
    const task = new SharedTask<Token>((signal) =>
      fetchToken(request, { http, now, signal }).then(
        (token) => {
          grant.token = token;
          return token;
        },
        (error: unknown) => {
          // The next request fetches a new token. Another grant may have replaced this one already.
          if (this.#grants.get(key) === grant) this.#grants.delete(key);
          throw error;
        },
      ),
    );
    const grant: Grant = { request, covered, task, token: null };
    this.#grants.set(key, grant);
    return grant;
  }

  #credential({ location, isAnonymous }: Audience, signal: AbortSignal): Promise<Credential | null> {
    const { credentials } = this.#options;
    if (credentials === undefined || isAnonymous) return Promise.resolve(null);
    const known = this.#credentials.get(location);
    if (known !== undefined && !known.abandoned) return known.join(signal);
    const task = new SharedTask<Credential | null>((shared) =>
      credentials.credentialsFor(location, shared).catch((error: unknown) => {
        if (this.#credentials.get(location) === task) this.#credentials.delete(location);
        throw error;
      }),
    );
    this.#credentials.set(location, task);
    return task.join(signal);
  }
}

/** The scopes in the challenge suffice for reading; for writing, some registries name only `pull`. */
function wantedScopes(challenged: Scopes, need: Need): Scopes {
  return need.isRead && challenged.size > 0 ? challenged : mergeScopes(challenged, need.scopes);
}

/** Repositories of a registry may have different credentials, and must not be sent each other's. */
function isMadeOf(credential: Credential | null, authorization: string): boolean {
  if (credential === null) return false;
  const plain = credential.kind === "basic" ? basicAuthorization(credential) : `Bearer ${credential.token}`;
  return authorization === plain || authorization === presetAuthorization(credential);
}

/** A token that has not been received yet cannot be the one that was refused. */
function isTokenOf({ token }: Grant, authorization: string | null): boolean {
  return token !== null && authorization === `Bearer ${token.text}`;
}

function keyOf({ endpoint, repository, isAnonymous }: Audience): string {
  return `${endpoint.base.href} ${repository}${isAnonymous ? " anonymous" : ""}`;
}

/** With a preset token, only some repositories want the credential, so it is remembered for each repository. */
function directKey(audience: Audience): string {
  return audience.endpoint.presetToken === null ? audience.endpoint.base.href : keyOf(audience);
}
