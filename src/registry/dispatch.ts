import { handleBlob } from "./blobs.ts";
import { handleCatalog } from "./catalog.ts";
import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { handleIndexFile } from "./index-files.ts";
import { handleManifest } from "./manifests.ts";
import { handleReferrers } from "./referrers.ts";
import { parseRoute, type Route } from "./route.ts";
import { handleTags } from "./tags.ts";
import { handleUpload, handleUploads } from "./upload-requests.ts";

/**
 * Answers one request of the registry protocol.
 *
 * @param path of the URL, as it was sent, without the query
 * @throws {Problem} for a request that is to be answered with an error
 * @see OCI distribution-spec 1.1, "Endpoints"
 */
export async function dispatch(exchange: Exchange, path: string): Promise<void> {
  const route = parseRoute(exchange.method, path);
  const isReading = exchange.method === "GET" || exchange.method === "HEAD";
  if (exchange.readOnly && !isReading) throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  return handle(exchange, route);
}

async function handle(exchange: Exchange, route: Route): Promise<void> {
  switch (route.kind) {
    case "version":
      if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
      return answer(exchange, 200, { "content-type": "application/json" }, "{}");
    case "manifest":
      return handleManifest(exchange, route.name, route.reference);
    case "blob":
      return handleBlob(exchange, route.name, route.digest);
    case "uploads":
      return handleUploads(exchange, route.name);
    case "upload":
      return handleUpload(exchange, route.name, route.id);
    case "tags":
      return handleTags(exchange, route.name);
    case "referrers":
      return handleReferrers(exchange, route.name, route.subject);
    case "catalog":
      return handleCatalog(exchange);
    case "index":
      return handleIndexFile(exchange, route.file);
  }
}
