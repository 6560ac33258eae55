import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import { isDigest } from "../oci/digest.ts";
import { isHtml } from "../oci/media-types.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { foundWebPage } from "../oci/web-page.ts";
import type { Endpoint } from "./endpoints.ts";
import { readRefusal, withSource } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";
import { hasManifest } from "./resolve-manifest.ts";

/** The manifest, tag or blob to delete. */
export interface DeleteRequest {
  readonly endpoint: Endpoint;
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly kind: "manifest" | "blob";
  /** A digest, or the tag of a manifest. */
  readonly key: string;
  readonly signal: AbortSignal;
}

const SUCCESSES: readonly number[] = [200, 202, 204];

/**
 * Deletes a manifest, a tag or a blob from one endpoint.
 *
 * @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED with a hint if the registry does not allow deletion; those of
 * registryError and the network
 * @see OCI distribution-spec 1.1, "Content Management"
 */
export async function deleteContent(sender: RequestSender, request: DeleteRequest): Promise<void> {
  const response = await sender.send({
    ...request,
    method: "DELETE",
    path: `${request.kind}s/${request.key}`,
    headers: { accept: "application/json" },
  });
  const isPage = response.status === 200 && isHtml(response.header("content-type"));
  if (!SUCCESSES.includes(response.status)) throw await refusal(sender, response, request);
  await response.discard();
  if (!isPage) return;
  throw withSource(foundWebPage(whatOf(request), "a registry"), response);
}

async function refusal(sender: RequestSender, response: HttpResponse, request: DeleteRequest): Promise<PkgError> {
  const { error, codes } = await readRefusal(response, whatOf(request));
  // The specification prescribes 400 for registries that do not delete tags.
  const statuses = isTagged(request) ? [400, 405, 501] : [405, 501];
  if (!statuses.includes(response.status) && !codes.includes("UNSUPPORTED")) return error;
  if (isTagged(request) && (await isAbsent(sender, request))) {
    return new PkgError("HTTP_NOT_FOUND", `Cannot ${whatOf(request)}: there is no such tag`, { cause: error });
  }
  return new PkgError("HTTP_UNEXPECTED", `${error.message}; it does not allow this`, {
    hint: hintFor(request),
    cause: error,
  });
}

function isTagged({ kind, key }: DeleteRequest): boolean {
  return kind === "manifest" && !isDigest(key);
}

/** A registry that does not delete tags does not say whether the tag exists. */
async function isAbsent(sender: RequestSender, { endpoint, reference, key, signal }: DeleteRequest): Promise<boolean> {
  try {
    return !(await hasManifest(sender, { endpoint, reference: { ...reference, tag: key, digest: null }, signal }));
  } catch (error) {
    if (error instanceof PkgError) return false;
    throw error;
  }
}

function hintFor(request: DeleteRequest): string {
  const { reference, key } = request;
  const name = `${reference.registry}/${reference.name}`;
  if (reference.registry === "ghcr.io") return "Delete the version on the package's page at github.com";
  if (isTagged(request)) {
    return `Some registries delete only by digest, with all tags: run pkg oci resolve ${name}:${key}, then delete that digest`;
  }
  return "Deletion may have to be enabled in the registry, or done on its website";
}

function whatOf({ reference, kind, key }: DeleteRequest): string {
  const repository = formatReference({ ...reference, tag: null, digest: null });
  return `delete ${kind} "${repository}${isDigest(key) ? "@" : ":"}${key}"`;
}
