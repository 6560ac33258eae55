import { PkgError } from "../errors.ts";
import { type Extent, extentOf, type RangeAsked, strongEtag } from "../http/range.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Digest } from "../oci/digest.ts";
import { isHtml } from "../oci/media-types.ts";

/** What was asked of a blob; sizes and offsets in bytes. */
export interface BlobAsked extends Pick<RangeAsked, "size" | "offset"> {
  readonly digest: Digest;
}

/** What the head of an answer says of its body. */
export interface BlobHead extends Extent {
  /** A strong ETag, to resume with; null when there is none. */
  readonly validator: string | null;
}

/**
 * Compares the head of a 200 or 206 with what was asked.
 *
 * @throws {PkgError} NOT_A_REGISTRY for a web page; SIZE_MISMATCH; HTTP_UNEXPECTED for a part that was not asked for
 */
export function readBlobHead(response: HttpResponse, { digest, size, offset }: BlobAsked): BlobHead {
  const task = `fetch blob "${digest}"`;
  if (isHtml(response.header("content-type"))) {
    throw new PkgError("NOT_A_REGISTRY", `Cannot ${task}: expected a blob, found a web page`, {
      hint: "Check the registry's name and the mirrors in the config; a proxy or login page may have answered instead",
    });
  }
  return { ...extentOf(response, { task, size, offset }), validator: strongEtag(response) };
}
