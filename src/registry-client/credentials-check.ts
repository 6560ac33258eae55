import { randomBytes } from "node:crypto";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { basicAuthorization, type Credential, loginHint } from "../credentials/credentials.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpResponse } from "../http/request.ts";
import { isHtml } from "../oci/media-types.ts";
import { foundWebPage } from "../oci/web-page.ts";
import { isRefusal } from "./attempt.ts";
import { type AuthorizationPlan, planFor, planKey } from "./authorization-plan.ts";
import type { Endpoint } from "./endpoints.ts";
import { registryError } from "./registry-error.ts";
import { fetchToken } from "./token.ts";
import { NO_SCOPES } from "./token-scopes.ts";

/** The credential to check, and the registry to check it with. */
export interface CredentialCheck {
  readonly http: HttpClient;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly endpoint: Endpoint;
  /** The registry's name, as a person types it. */
  readonly registry: string;
  readonly credential: Credential;
}

/**
 * What a check has shown: `not-asked` if the registry asks nobody for credentials, `elsewhere` if it sends requests on to
 * another origin, which gets none, `unproved` if it, or its token service, accepts any others too.
 */
export type CheckAnswer = "accepted" | "not-asked" | "elsewhere" | "unproved";

/**
 * Checks whether a registry accepts a credential, with requests for no particular repository. The credential is sent only
 * if it is asked for, be it beside an answer, as where reading is open to anyone, and only once. Where acceptance alone
 * proves nothing, the same is asked with a secret that is certainly wrong.
 *
 * @throws {PkgError} HTTP_UNAUTHORIZED, HTTP_FORBIDDEN if it is refused; NOT_A_REGISTRY; as fetchToken
 * @see OCI distribution-spec 1.1, "Determining Support" (end-1)
 */
export async function checkCredential(check: CredentialCheck): Promise<CheckAnswer> {
  const first = await ask(check, null);
  const challenge = first.header("www-authenticate");
  const isOpen = first.status === 200;
  const refused = { status: isOpen && challenge !== null ? 401 : first.status, challenge, authorization: null };
  const plan = isOwn(first, check) ? planFor(endpointOf(check), check.credential, refused) : null;
  if (plan === null) {
    await expectRegistry(first, check);
    return isOwn(first, check) ? "not-asked" : "elsewhere";
  }
  await first.discard();
  const { authorization, ...proof } = await authorizationOf(plan, check);
  const second = await ask(check, authorization);
  const other = passwordPlan(second, { check, plan, authorization });
  if (other !== null) {
    await second.discard();
    await expectRegistry(await ask(check, other), check);
    return "accepted";
  }
  await expectRegistry(second, check);
  const isProof = proof.isNamed ?? (plan.kind === "direct" && !isOpen);
  return isProof || (await refusesWrong(plan, check)) ? "accepted" : "unproved";
}

/** Without the preset token, which GHCR accepts from anyone, so that it sends a challenge. */
function endpointOf({ endpoint }: CredentialCheck): Endpoint {
  return { ...endpoint, presetToken: null };
}

function isOwn({ url }: HttpResponse, { endpoint }: CredentialCheck): boolean {
  return url.origin === endpoint.base.origin;
}

/** The password itself, where a registry asks for it after a token. */
function passwordPlan(
  response: HttpResponse,
  sent: { readonly check: CredentialCheck; readonly plan: AuthorizationPlan; readonly authorization: string },
): string | null {
  const { check, plan, authorization } = sent;
  if (!isOwn(response, check)) return null;
  const refused = { status: response.status, challenge: response.header("www-authenticate"), authorization };
  const next = planFor(endpointOf(check), check.credential, refused, new Set([planKey(plan)]));
  return next?.kind === "direct" ? next.authorization : null;
}

function ask({ http, endpoint, signal }: CredentialCheck, authorization: string | null): Promise<HttpResponse> {
  const headers = authorization === null ? {} : { authorization };
  return http.request({ url: new URL("v2/", endpoint.base), headers, signal });
}

interface Authorized {
  readonly authorization: string;
  /** Whether a token says whom it was given to; null: it does not tell. */
  readonly isNamed: boolean | null;
}

/** Requests no scope: the repository is not known yet, and the scope that some registries name here is an example. */
async function authorizationOf(plan: AuthorizationPlan, check: CredentialCheck): Promise<Authorized> {
  if (plan.kind === "direct") return { authorization: plan.authorization, isNamed: null };
  const { credential, registry } = check;
  const { text } = await fetchToken({ ...plan.service, scopes: NO_SCOPES, credential, registry }, check);
  return { authorization: `Bearer ${text}`, isNamed: isNamedToken(text) };
}

/** Docker's tokens name their user as `sub`, which is empty for nobody (RFC 7519; Docker's token specification). */
function isNamedToken(text: string): boolean | null {
  const claims = asObject(parseJsonOrNull(Buffer.from(text.split(".")[1] ?? "", "base64url")));
  const subject = claims?.["sub"];
  return typeof subject === "string" ? subject !== "" : null;
}

/** True if the same plan fails with a secret that nobody has, be it that the token for it is refused. */
async function refusesWrong(plan: AuthorizationPlan, check: CredentialCheck): Promise<boolean> {
  const wrong = wrongCredential(check.credential);
  try {
    const own = wrong.kind === "basic" ? basicAuthorization(wrong) : `Bearer ${wrong.token}`;
    const { authorization } =
      plan.kind === "token" ? await authorizationOf(plan, { ...check, credential: wrong }) : { authorization: own };
    const response = await ask(check, authorization);
    await response.discard();
    return isRefusal(response);
  } catch (error) {
    if (hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED", "HTTP_NOT_FOUND")) return true;
    if (!hasCode(error, "SERVER_FAILED")) throw error;
    // Some fail over what they do not know; the right secret then still brings a token, or the service is down.
    await authorizationOf(plan, check);
    return true;
  }
}

function wrongCredential(credential: Credential): Credential {
  const secret = randomBytes(24).toString("hex");
  return credential.kind === "basic" ? { ...credential, password: secret } : { ...credential, token: secret };
}

async function expectRegistry(response: HttpResponse, { registry }: CredentialCheck): Promise<void> {
  if (response.status !== 200) {
    const error = await registryError(response, `log in to "${registry}"`);
    const isRefusal = error.code === "HTTP_UNAUTHORIZED" || error.code === "HTTP_FORBIDDEN";
    throw isRefusal ? new PkgError(error.code, error.message, { cause: error, hint: loginHint(registry) }) : error;
  }
  const isPage = isHtml(response.header("content-type"));
  await response.discard();
  if (isPage) throw foundWebPage(`log in to "${registry}"`, "a registry");
}
