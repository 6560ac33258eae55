import { shownUrl } from "../http/failures.ts";
import type { EndedRequest } from "../http/send-once.ts";
import { formatBytes } from "../report/units.ts";

/** A request as `--verbose` tells it: `GET https://ghcr.io/v2/…: 200, 7.8 MB`. A query may hold secrets, and is left out. */
export function exchangeText(exchange: EndedRequest, mirrorOf: readonly string[]): string {
  const { method, url, status, receivedBytes, sentBytes, failure } = exchange;
  const mirror = mirrorOf.length === 0 ? "" : ` (mirror of ${mirrorOf.join(", ")})`;
  const facts = [
    ...(status === null ? [] : [String(status)]),
    ...(sentBytes === 0 ? [] : [`${formatBytes(sentBytes)} sent`]),
    ...(status === null ? [] : [formatBytes(receivedBytes)]),
    ...(failure === null ? [] : [failure.code === "INTERRUPTED" ? "dropped" : failure.message]),
  ];
  return `${method} ${shownUrl(url)}${mirror}: ${facts.join(", ")}`;
}
