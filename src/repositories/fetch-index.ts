import { fetchBundledIndex } from "./fetch-index-bundle.ts";
import { fetchIndexFile } from "./fetch-index-file.ts";
import { fetchHttpIndex } from "./fetch-index-http.ts";
import { fetchPlaceIndex } from "./fetch-index-place.ts";
import type { FetchedIndex, FetchIndexRequest, IndexReader } from "./fetched-index.ts";

/**
 * Fetches the current index from an address into a file, whether to use it or to maintain it. Null if it is the version
 * that is known already. Nothing is verified except that blobs match their digests. Failures are retried.
 *
 * @throws {PkgError} OFFLINE for what is on another machine; INDEX_MISSING, INDEX_INVALID, INDEX_TOO_LARGE; DISK_FULL,
 * PERMISSION_DENIED, FILE_SYSTEM; those of the place or the network
 */
export function fetchIndex(reader: IndexReader, request: FetchIndexRequest): Promise<FetchedIndex | null> {
  const { address, bundle } = request;
  if (bundle !== undefined) return fetchBundledIndex(reader, request, bundle);
  switch (address.kind) {
    case "file":
      return fetchIndexFile(reader, request, address.path);
    case "http":
      return fetchHttpIndex(reader, request, address.url);
    case "place":
      return fetchPlaceIndex(reader, request, address.location);
  }
}

/** Fetches the whole index, whatever version is known already. */
export async function fetchWhole(
  reader: IndexReader,
  request: Omit<FetchIndexRequest, "known">,
): Promise<FetchedIndex> {
  const fetched = await fetchIndex(reader, { ...request, known: null });
  if (fetched === null) throw new Error("nothing was known, and the index is unchanged");
  return fetched;
}
