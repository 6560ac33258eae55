import { indexReference } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import type { FetchedIndex, FetchIndexRequest } from "./fetched-index.ts";
import { fetchIndexFile } from "./index-source-file.ts";
import { fetchHttpIndex } from "./index-source-http.ts";
import { fetchOciIndex } from "./index-source-oci.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** The index of a repository as it is now; null when it is the one that is known. Retried. */
export function fetchIndex(cap: SyncCapabilities, request: FetchIndexRequest): Promise<FetchedIndex | null> {
  const { name, url } = request.repository;
  if (url.startsWith("file:")) return fetchIndexFile(cap, request);
  if (cap.config.offline) throw new PkgError("OFFLINE", `Cannot sync "${name}": --offline is set`);
  const reference = indexReference(url);
  return reference === null ? fetchHttpIndex(cap, request) : fetchOciIndex(cap, request, reference);
}
