import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import { isCoded } from "./content-coding.ts";
import type { HttpResponse } from "./request.ts";

/** The rest of some content that is asked for. */
export interface RangeAsked {
  /** What is being done, to follow "Cannot" in messages. */
  readonly task: string;
  /** Bytes of the whole content; null when unknown. */
  readonly size: number | null;
  /** The first byte wanted. */
  readonly offset: number;
}

/** Which bytes of its content a body holds. */
export interface Extent {
  /** The first one. */
  readonly offset: number;
  /** Bytes of the whole content, as the server announces it; null when it does not. */
  readonly size: number | null;
}

/** A weak ETag may not be used with If-Range (RFC 9110, section 13.1.5). */
const STRONG_ETAG = /^"[\x21\x23-\x7e]*"$/;

/** True for an ETag that stands for these very bytes, and may be sent as If-Range. */
export function isStrongEtag(text: string | null): text is string {
  return text !== null && STRONG_ETAG.test(text);
}

/**
 * The strong ETag of an answer; null when it has none, or one of what was encoded: no part of that is one of the content.
 *
 * @param size of the content, in bytes; null if it is not known
 */
export function strongEtag(response: HttpResponse, size: number | null = null): string | null {
  if (isCoded(response, size)) return null;
  const etag = response.header("etag");
  return isStrongEtag(etag) ? etag : null;
}

/** Headers that ask for the bytes from `offset` on, as a closed range where its end is known. */
export function rangeHeaders(
  { size, offset }: Pick<RangeAsked, "size" | "offset">,
  validator: string | null,
): Readonly<Record<string, string>> {
  if (offset === 0) return {};
  const range = `bytes=${offset}-${size === null ? "" : size - 1}`;
  // The validator may come from a file: what is not an ETag must not become a header.
  return isStrongEtag(validator) ? { range, "if-range": validator } : { range };
}

/**
 * Which bytes the body of a 200 or 206 holds, compared with what was asked.
 *
 * @throws {PkgError} SIZE_MISMATCH; HTTP_UNEXPECTED for a part that was not asked for, and for a Content-Length that is not
 * a number
 * @see RFC 9110, sections 14.4 and 15.3.7
 */
export function extentOf(response: HttpResponse, asked: RangeAsked): Extent {
  const length = isCoded(response, asked.size) ? null : contentLength(response, asked);
  return response.status === 206 ? partOf(response, asked, length) : wholeOf(asked, length);
}

function wholeOf(asked: RangeAsked, length: number | null): Extent {
  if (asked.size !== null && length !== null && length !== asked.size) throw wrongSize(asked, asked.size, length);
  return { offset: 0, size: length };
}

function partOf(response: HttpResponse, asked: RangeAsked, length: number | null): Extent {
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

function contentLength(response: HttpResponse, { task }: RangeAsked): number | null {
  const header = response.header("content-length");
  if (header === null) return null;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw new PkgError("HTTP_UNEXPECTED", `Cannot ${task}: Content-Length is "${header}"`);
}

function wrongSize({ task }: RangeAsked, expected: number, found: number): PkgError {
  return new PkgError(
    "SIZE_MISMATCH",
    `Cannot ${task}: expected ${byteCount(expected)}, the server announces ${found}`,
  );
}

function wrongPart({ task, offset }: RangeAsked, header: string | null): PkgError {
  return new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot ${task}: expected its bytes from ${offset} on, found Content-Range "${header ?? ""}"`,
  );
}
