import { SharedTask } from "../base/shared-task.ts";
import { basicAuthorization, type Credential, type Credentials, registryOf } from "../credentials/credentials.ts";
import type { HttpClient } from "../http/client.ts";
import { type AuthorizationPlan, planFor, presetAuthorization, type Refused } from "./authorization-plan.ts";
import type { Endpoint } from "./endpoints.ts";
import { fetchToken, type Token, type TokenRequest } from "./token.ts";
import { coversScopes, extendScopes, mergeScopes, NO_SCOPES, type Scopes } from "./token-scopes.ts";

/** Whose authorization is meant: one endpoint's, for one of its repositories. No other is ever sent there. */
export interface Audience {
  readonly endpoint: Endpoint;
  /** As it stands in the path after `/v2/`; empty: none. */
  readonly repository: string;
  /** What credentials are looked up by: a registry's name or a mirror's host, with the repository. */
  readonly location: string;
}

/** What a request is about to do. */
export interface Need {
  readonly scopes: Scopes;
  readonly isRead: boolean;
}

export interface AuthorizerOptions {
  readonly http: HttpClient;
  readonly now: () => number;
  readonly credentials?: Credentials | undefined;
}

interface Grant {
  readonly request: TokenRequest;
  /** What of our own needs it was asked for; a registry may know them by other names. */
  readonly covered: Scopes;
  readonly task: SharedTask<Token>;
  /** Null until it arrives. */
  token: Token | null;
}

/** Tokens and credentials, each fetched once for all who wait for it and kept while it lasts. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #grants = new Map<string, Grant>();
  /** Endpoints, or repositories of those with a preset token, that take the credential itself. */
  readonly #direct = new Map<string, string>();
  readonly #credentials = new Map<string, SharedTask<Credential | null>>();

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /**
   * The `Authorization` to send without being asked; null: none is known. A token that ran out, or is not for all that is
   * needed now, is fetched again.
   *
   * @throws {PkgError} what the token service or the look-up of credentials causes
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

  /** How to answer a refusal; null when nothing would change it. */
  async plan(audience: Audience, refused: Refused, signal: AbortSignal): Promise<AuthorizationPlan | null> {
    if (refused.status !== 401 && refused.status !== 403) return null;
    return planFor(audience.endpoint, await this.#credential(audience, signal), refused);
  }

  /**
   * The `Authorization` to send after `refused` was: a token that arrived meanwhile, else what `plan` says.
   *
   * @throws {PkgError} what the token service causes
   */
  async renew(
    audience: Audience,
    { refused, plan, need }: { readonly refused: string | null; readonly plan: AuthorizationPlan; readonly need: Need },
    signal: AbortSignal,
  ): Promise<string> {
    if (plan.kind === "direct") {
      this.#direct.set(directKey(audience), plan.authorization);
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

  /** The same grant while it lasts and is for enough, else a new one that is for both. */
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
          // The next to ask starts anew; by then another grant may stand here.
          if (this.#grants.get(key) === grant) this.#grants.delete(key);
          throw error;
        },
      ),
    );
    const grant: Grant = { request, covered, task, token: null };
    this.#grants.set(key, grant);
    return grant;
  }

  #credential({ location }: Audience, signal: AbortSignal): Promise<Credential | null> {
    const { credentials } = this.#options;
    if (credentials === undefined) return Promise.resolve(null);
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

/** A registry knows best what reading takes; for more than that, some name no more than `pull`. */
function wantedScopes(challenged: Scopes, need: Need): Scopes {
  return need.isRead && challenged.size > 0 ? challenged : mergeScopes(challenged, need.scopes);
}

/** Repositories of one registry may have credentials of their own: none is sent another's. */
function isMadeOf(credential: Credential | null, authorization: string): boolean {
  if (credential === null) return false;
  const plain = credential.kind === "basic" ? basicAuthorization(credential) : `Bearer ${credential.token}`;
  return authorization === plain || authorization === presetAuthorization(credential);
}

/** One that has yet to arrive is none that was refused. */
function isTokenOf({ token }: Grant, authorization: string | null): boolean {
  return token !== null && authorization === `Bearer ${token.text}`;
}

function keyOf({ endpoint, repository }: Audience): string {
  return `${endpoint.base.href} ${repository}`;
}

/** Where anyone is let in to some repositories, a credential is kept for those that want one. */
function directKey(audience: Audience): string {
  return audience.endpoint.presetToken === null ? audience.endpoint.base.href : keyOf(audience);
}
