import { basicAuthorization, type Credential } from "../credentials/credentials.ts";
import { namedUrl } from "../http/redirect.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Endpoint } from "./endpoints.ts";
import type { TokenService } from "./token.ts";
import { mergeScopes, parseScopes, type Scopes } from "./token-scopes.ts";

/** A refused request's authorization, and the refusal. */
export interface Refused {
  readonly status: number;
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | null;
  /** The `Authorization` that was sent; null: none. */
  readonly authorization: string | null;
}

/** How to respond to a refusal. */
export type AuthorizationPlan =
  /** Sends this `Authorization`. */
  | { readonly kind: "direct"; readonly authorization: string }
  /** Fetches a token; `challenged` are the scopes that the registry names. */
  | { readonly kind: "token"; readonly service: TokenService; readonly challenged: Scopes };

/** The identity of a plan: no two of one request are the same. */
export function planKey(plan: AuthorizationPlan): string {
  return plan.kind === "token" ? "token" : plan.authorization;
}

const NOTHING_TRIED: ReadonlySet<string> = new Set();

/**
 * Chooses how to respond to a refusal; null if nothing would help. Of several challenges, one for a token is preferred:
 * a token permits less than a password, and for a shorter time. The password follows where the token is refused with a
 * challenge for it, as Harbor does.
 *
 * @param tried the keys of the plans that were carried out for this request and did not help
 * @see RFC 9110, section 11.6.1
 */
export function planFor(
  endpoint: Endpoint,
  credential: Credential | null,
  refused: Refused,
  tried: ReadonlySet<string> = NOTHING_TRIED,
): AuthorizationPlan | null {
  const plan = plansFor(endpoint, credential, refused).find((each) => each !== null && !tried.has(planKey(each)));
  return plan ?? null;
}

function plansFor(
  endpoint: Endpoint,
  credential: Credential | null,
  refused: Refused,
): readonly (AuthorizationPlan | null)[] {
  if (!mayHelp(endpoint, credential, refused)) return [];
  const presetDirect = endpoint.presetToken === null ? null : presetAuthorization(credential);
  if (presetDirect !== null && isPreset(endpoint, refused)) return [{ kind: "direct", authorization: presetDirect }];
  const challenges = parseChallenges(refused.challenge);
  if (credential?.kind === "bearer") {
    const authorization = `Bearer ${credential.token}`;
    return refused.authorization === authorization ? [] : [{ kind: "direct", authorization }];
  }
  return [tokenPlan(challenges, endpoint), basicPlan(challenges, credential, refused)];
}

/**
 * The `Authorization` that a registry with a preset token accepts for a credential: GHCR expects its tokens in base64.
 */
export function presetAuthorization(credential: Credential | null): string | null {
  if (credential === null) return null;
  const secret = credential.kind === "basic" ? credential.password : credential.token;
  return `Bearer ${credential.kind === "bearer" ? secret : Buffer.from(secret).toString("base64")}`;
}

/** A 403 is final, unless it refused the preset token, which identifies nobody, or a request without a credential or token. */
function mayHelp(endpoint: Endpoint, credential: Credential | null, refused: Refused): boolean {
  const { status, authorization, challenge } = refused;
  if (status === 401) return true;
  if (status !== 403) return false;
  if (authorization === null) return credential !== null || challenge !== null;
  if (endpoint.presetToken === null) return false;
  return isPreset(endpoint, refused) || authorization === presetAuthorization(credential);
}

function isPreset(endpoint: Endpoint, { authorization }: Refused): boolean {
  return endpoint.presetToken !== null && authorization === `Bearer ${endpoint.presetToken}`;
}

function tokenPlan(challenges: readonly Challenge[], endpoint: Endpoint): AuthorizationPlan | null {
  const bearer = challenges.find((challenge) => challenge.scheme === "bearer" && realmOf(challenge, endpoint) !== null);
  const realm = bearer === undefined ? null : realmOf(bearer, endpoint);
  if (bearer !== undefined && realm !== null) {
    const service = bearer.parameters.get("service") ?? null;
    const challenged = parseScopes(bearer.parameters.get("scope") ?? "");
    return { kind: "token", service: { realm, service, namedBy: endpoint.base }, challenged };
  }
  return endpoint.presetToken === null ? null : ownService(endpoint.base);
}

/** An endpoint with a preset token may refuse without a challenge: its token service is then at GHCR's usual path. */
function ownService(base: URL): AuthorizationPlan {
  const service = { realm: new URL("token", base), service: base.hostname, namedBy: base };
  return { kind: "token", service, challenged: mergeScopes() };
}

function basicPlan(
  challenges: readonly Challenge[],
  credential: Credential | null,
  refused: Refused,
): AuthorizationPlan | null {
  if (credential?.kind !== "basic" || !challenges.some(({ scheme }) => scheme === "basic")) return null;
  const authorization = basicAuthorization(credential);
  return refused.authorization === authorization ? null : { kind: "direct", authorization };
}

/** A path is one of the registry itself. User info in a realm's URL is dropped: it is not ours to send. */
function realmOf({ parameters }: Challenge, { base }: Endpoint): URL | null {
  const text = parameters.get("realm") ?? "";
  const realm = URL.canParse(text) || /^\/(?!\/)/.test(text) ? namedUrl(text, base) : null;
  if (realm === null) return null;
  realm.username = "";
  realm.password = "";
  return realm;
}
