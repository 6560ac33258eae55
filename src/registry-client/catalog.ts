import { hasCode, PkgError } from "../errors.ts";
import { isRepositoryName } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";
import { type ListRange, rangeQuery, readList } from "./pages.ts";
import type { RequestSender } from "./request-sender.ts";

/**
 * Reads the names of a registry's repositories from one endpoint, page by page, in the registry's order.
 *
 * @throws {PkgError} as readTags; with a hint if the registry has no such list, as the large public ones do not
 * @see Docker Registry HTTP API v2, "Listing Repositories"
 */
export async function readCatalog(
  sender: RequestSender,
  request: ListRange & { readonly endpoint: Endpoint; readonly registry: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { registry, endpoint } = request;
  try {
    return await readList(sender, {
      ...request,
      // The list belongs to no repository; the scope comes from the registry's challenge.
      reference: { registry, name: "", tag: null, digest: null },
      path: new URL(`v2/_catalog?${rangeQuery(request)}`, endpoint.base),
      accept: "application/json",
      what: `list repositories of "${registry}"`,
      field: "repositories",
      isEntry: isRepositoryName,
    });
  } catch (error) {
    throw hasCode(error, "HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED")
      ? explained(error)
      : error;
  }
}

function explained(error: PkgError): PkgError {
  return new PkgError(error.code, error.message, {
    cause: error,
    hint: "Not every registry lists its repositories: ghcr.io and docker.io do not; others may require a login",
  });
}
