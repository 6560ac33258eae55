import { isTag, type Reference } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";
import { type ListRange, rangeQuery, readList } from "./pages.ts";
import type { RequestSender } from "./request-sender.ts";

/**
 * Reads the tags of a repository from one endpoint, page by page, in the registry's order.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN if a page leads to another host; HTTP_UNEXPECTED for an answer that is not a
 * list or does not end; NOT_A_REGISTRY, BODY_TOO_LARGE, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Listing Tags"
 */
export function readTags(
  sender: RequestSender,
  request: ListRange & { readonly endpoint: Endpoint; readonly reference: Reference; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { reference } = request;
  return readList(sender, {
    ...request,
    path: `tags/list?${rangeQuery(request)}`,
    accept: "application/json",
    what: `list tags of "${reference.registry}/${reference.name}"`,
    field: "tags",
    isEntry: isTag,
  });
}
