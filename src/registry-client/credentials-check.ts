import { type Credential, loginHint } from "../credentials/credentials.ts";
import { PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpResponse } from "../http/request.ts";
import { isHtml } from "../oci/media-types.ts";
import { type AuthorizationPlan, planFor } from "./authorization-plan.ts";
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
 * Checks whether a registry accepts a credential, with a request for no particular repository. The credential is sent
 * only if it is asked for, and only once.
 *
 * @returns `not-asked` if the registry allows anonymous access there, so that the credential was not checked
 * @throws {PkgError} HTTP_UNAUTHORIZED, HTTP_FORBIDDEN if it is refused; NOT_A_REGISTRY; as fetchToken
 * @see OCI distribution-spec 1.1, "Determining Support" (end-1)
 */
export async function checkCredential(check: CredentialCheck): Promise<"accepted" | "not-asked"> {
  // Without the preset token, which GHCR accepts from anyone, so that it sends a challenge.
  const endpoint: Endpoint = { ...check.endpoint, presetToken: null };
  const first = await ask(check, null);
  const challenge = first.header("www-authenticate");
  const isOwn = first.url.origin === endpoint.base.origin;
  const plan = isOwn
    ? planFor(endpoint, check.credential, { status: first.status, challenge, authorization: null })
    : null;
  if (plan === null) {
    await expectRegistry(first, check);
    return "not-asked";
  }
  await first.discard();
  await expectRegistry(await ask(check, await authorizationOf(plan, check)), check);
  return "accepted";
}

function ask({ http, endpoint, signal }: CredentialCheck, authorization: string | null): Promise<HttpResponse> {
  const headers = authorization === null ? {} : { authorization };
  return http.request({ url: new URL("v2/", endpoint.base), headers, signal });
}

/** Requests no scope: the repository is not known yet, and the scope that some registries name here is an example. */
async function authorizationOf(plan: AuthorizationPlan, check: CredentialCheck): Promise<string> {
  if (plan.kind === "direct") return plan.authorization;
  const { credential, registry } = check;
  return `Bearer ${(await fetchToken({ ...plan.service, scopes: NO_SCOPES, credential, registry }, check)).text}`;
}

async function expectRegistry(response: HttpResponse, { registry }: CredentialCheck): Promise<void> {
  if (response.status !== 200) {
    const error = await registryError(response, `log in to "${registry}"`);
    const isRefusal = error.code === "HTTP_UNAUTHORIZED" || error.code === "HTTP_FORBIDDEN";
    throw isRefusal ? new PkgError(error.code, error.message, { cause: error, hint: loginHint(registry) }) : error;
  }
  const isPage = isHtml(response.header("content-type"));
  await response.discard();
  if (isPage) throw new PkgError("NOT_A_REGISTRY", `Cannot log in to "${registry}": it answered with a web page`);
}
