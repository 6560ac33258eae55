import { pipeline } from "node:stream/promises";
import { type Exchange, setHead } from "./exchange.ts";
import { parseRoute } from "./route.ts";

/**
 * Answers a request for a whole blob that is not here while it arrives from the upstream, because a client would not
 * wait in silence for a large one. False if the request has to be answered in the ordinary way.
 *
 * @throws {Problem} when the path is wrong, or the upstream fails
 */
export async function sendComingBlob(exchange: Exchange, path: string): Promise<boolean> {
  const { request, response, method, storage, upstream } = exchange;
  const isWhole = request.headers.range === undefined && request.headers["if-none-match"] === undefined;
  if (upstream === null || !isWhole || (method !== "GET" && method !== "HEAD")) return false;
  const route = parseRoute(method, path);
  if (route.kind !== "blob" || (await storage.blobSize(route.name, route.digest)) !== null) return false;
  const head = (size: number) =>
    setHead(exchange, 200, {
      "content-type": "application/octet-stream",
      "content-length": size,
      "docker-content-digest": route.digest,
      etag: `"${route.digest}"`,
      "accept-ranges": "bytes",
    });
  if (method === "HEAD") {
    const size = await upstream.blobSize(route.name, route.digest);
    if (size === null) return false;
    head(size);
    response.end();
    return true;
  }
  const blob = await upstream.openBlob(route.name, route.digest);
  if (blob === null) return false;
  try {
    head(blob.size);
    await pipeline(blob.body, response);
  } finally {
    await blob.close();
  }
  return true;
}
