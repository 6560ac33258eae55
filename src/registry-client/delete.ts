import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import { isDigest } from "../oci/digest.ts";
import { isHtml } from "../oci/media-types.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Exchange } from "./exchange.ts";
import { readRefusal, withSource } from "./registry-error.ts";

export interface DeleteRequest {
  readonly endpoint: Endpoint;
  /** Which repository; its tag and digest say nothing here. */
  readonly reference: Reference;
  readonly kind: "manifest" | "blob";
  /** A digest, or a manifest's tag. */
  readonly key: string;
  readonly signal: AbortSignal;
}

const SUCCESSES: readonly number[] = [200, 202, 204];

/**
 * Deletes a manifest, a tag or a blob from one endpoint.
 *
 * @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED with a hint where the registry allows no deleting; those of
 * registryError and the network
 * @see OCI distribution-spec 1.1, "Content Management"
 */
export async function deleteContent(exchange: Exchange, request: DeleteRequest): Promise<void> {
  const response = await exchange.send({
    ...request,
    method: "DELETE",
    path: `${request.kind}s/${request.key}`,
    headers: { accept: "application/json" },
  });
  const isPage = response.status === 200 && isHtml(response.header("content-type"));
  if (!SUCCESSES.includes(response.status)) throw await refusal(response, request);
  await response.discard();
  if (!isPage) return;
  const what = `Cannot ${whatOf(request)}`;
  throw withSource(new PkgError("NOT_A_REGISTRY", `${what}: expected a registry, found a web page`), response);
}

async function refusal(response: HttpResponse, request: DeleteRequest): Promise<PkgError> {
  const { error, codes } = await readRefusal(response, whatOf(request));
  const isUnsupported = [405, 501].includes(response.status) || codes.includes("UNSUPPORTED");
  if (!isUnsupported) return error;
  return new PkgError("HTTP_UNEXPECTED", `${error.message}; it does not allow this`, {
    hint: hintFor(request),
    cause: error,
  });
}

function hintFor({ reference, kind, key }: DeleteRequest): string {
  const name = `${reference.registry}/${reference.name}`;
  if (reference.registry === "ghcr.io") return "Delete the version on the package's page at github.com";
  if (kind === "manifest" && !isDigest(key)) {
    return `Some registries delete by digest alone, with every tag: pkg oci resolve ${name}:${key}, then delete what it says`;
  }
  return "Deleting must be switched on in the registry, or is done on its web page";
}

function whatOf({ reference, kind, key }: DeleteRequest): string {
  const repository = formatReference({ ...reference, tag: null, digest: null });
  return `delete ${kind} "${repository}${isDigest(key) ? "@" : ":"}${key}"`;
}
