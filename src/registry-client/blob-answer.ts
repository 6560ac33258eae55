import { type Extent, extentOf, type RangeAsked, strongEtag } from "../http/range.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Digest } from "../oci/digest.ts";
import { isHtml } from "../oci/media-types.ts";
import { foundWebPage } from "../oci/web-page.ts";

/** The blob and range that were requested; sizes and offsets in bytes. */
export interface BlobAsked extends Pick<RangeAsked, "size" | "offset"> {
  readonly digest: Digest;
}

/** What a response's headers say about its body. */
export interface BlobHead extends Extent {
  /** A strong ETag for resuming; null if there is none. */
  readonly validator: string | null;
}

/**
 * Compares the headers of a 200 or 206 with the request.
 *
 * @throws {PkgError} NOT_A_REGISTRY for a web page; SIZE_MISMATCH; HTTP_UNEXPECTED for another range than requested
 */
export function readBlobHead(response: HttpResponse, { digest, size, offset }: BlobAsked): BlobHead {
  const task = `fetch blob "${digest}"`;
  if (isHtml(response.header("content-type"))) throw foundWebPage(task, "a blob");
  return { ...extentOf(response, { task, size, offset }), validator: strongEtag(response) };
}
