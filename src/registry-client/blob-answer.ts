import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Digest } from "../oci/digest.ts";
import { isHtml } from "../oci/media-types.ts";

/** What was asked of a blob; sizes and offsets in bytes. */
export interface BlobAsked {
  readonly digest: Digest;
  /** Of the whole blob; null when unknown. */
  readonly size: number | null;
  readonly offset: number;
}

/** What the head of an answer says of its body. */
export interface BlobHead {
  /** Where the body begins: what was asked for, or 0 when the server starts anew. */
  readonly offset: number;
  /** Of the whole blob, as the server announces it; null when it does not. */
  readonly size: number | null;
  /** A strong ETag, to resume with; null when there is none. */
  readonly validator: string | null;
}

/** A weak ETag may not be used with If-Range (RFC 9110, section 13.1.5). */
const STRONG_ETAG = /^"[\x21\x23-\x7e]*"$/;

/** Headers that ask for the bytes from `offset` on, as a closed range where its end is known. */
export function rangeHeaders({ size, offset }: BlobAsked, validator: string | null): Readonly<Record<string, string>> {
  if (offset === 0) return {};
  const range = `bytes=${offset}-${size === null ? "" : size - 1}`;
  // It was read from a file: what is no ETag must not become a header.
  return validator !== null && STRONG_ETAG.test(validator) ? { range, "if-range": validator } : { range };
}

/**
 * Compares the head of a 200 or 206 with what was asked.
 *
 * @throws {PkgError} NOT_A_REGISTRY for a web page; SIZE_MISMATCH; HTTP_UNEXPECTED for a part that was not asked for
 * @see RFC 9110, sections 14.4 and 15.3.7
 */
export function readBlobHead(response: HttpResponse, asked: BlobAsked): BlobHead {
  if (isHtml(response.header("content-type"))) {
    throw new PkgError("NOT_A_REGISTRY", `Cannot fetch blob "${asked.digest}": expected a blob, found a web page`, {
      hint: "Check the registry's name and the mirrors in the config; a proxy or login page may have answered instead",
    });
  }
  const etag = response.header("etag");
  const validator = etag !== null && STRONG_ETAG.test(etag) ? etag : null;
  const length = contentLength(response, asked);
  return { ...(response.status === 206 ? partOf(response, asked, length) : wholeOf(asked, length)), validator };
}

type Extent = Pick<BlobHead, "offset" | "size">;

function wholeOf(asked: BlobAsked, length: number | null): Extent {
  if (asked.size !== null && length !== null && length !== asked.size) throw wrongSize(asked, asked.size, length);
  return { offset: 0, size: length };
}

function partOf(response: HttpResponse, asked: BlobAsked, length: number | null): Extent {
  const header = response.header("content-range");
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header ?? "");
  if (match === null || asked.offset === 0) throw wrongPart(asked, header);
  const [first, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === "*" ? null : Number(match[3]);
  if (asked.size !== null && total !== null && total !== asked.size) throw wrongSize(asked, asked.size, total);
  const size = total ?? asked.size;
  const isInside = first === asked.offset && last >= first && (size === null || last < size);
  if (!isInside || (length !== null && length !== last - first + 1)) throw wrongPart(asked, header);
  return { offset: first, size };
}

function contentLength(response: HttpResponse, { digest }: BlobAsked): number | null {
  const header = response.header("content-length");
  if (header === null) return null;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw new PkgError("HTTP_UNEXPECTED", `Cannot fetch blob "${digest}": Content-Length is "${header}"`);
}

function wrongSize({ digest }: BlobAsked, expected: number, found: number): PkgError {
  return new PkgError(
    "SIZE_MISMATCH",
    `Cannot fetch blob "${digest}": expected ${expected} bytes, the server announces ${found}`,
  );
}

function wrongPart({ digest, offset }: BlobAsked, header: string | null): PkgError {
  return new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot fetch blob "${digest}": expected its bytes from ${offset} on, found Content-Range "${header ?? ""}"`,
  );
}
