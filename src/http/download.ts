import { PkgError } from "../errors.ts";
import type { HttpClient } from "./client.ts";
import { type Extent, extentOf, isStrongEtag, type RangeAsked, rangeHeaders, strongEtag } from "./range.ts";
import type { HttpResponse } from "./request.ts";
import { statusError } from "./status.ts";

/** Where in a download to begin, and the strong ETag of the bytes before that; null when there is none. */
export interface DownloadPosition {
  /** Bytes. */
  readonly offset: number;
  readonly validator: string | null;
}

export interface DownloadRequest extends DownloadPosition {
  readonly url: URL;
  /** Bytes of the whole, as whoever named it says; null when nobody does. */
  readonly size: number | null;
  readonly signal: AbortSignal;
}

/** The bytes of a download from `offset` on; shaped like a blob of a registry, so that it can be stored like one. */
export interface Download {
  /** The offset asked for, or 0 where the download starts over. */
  readonly offset: number;
  /** Bytes of the whole, as the server declares them; null when it does not. */
  readonly size: number | null;
  /** A strong ETag, to resume with. */
  readonly validator: string | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Opens a plain download, resumed where that is safe; one attempt. The caller checks size and digest while it reads.
 *
 * @throws {PkgError} as readDownload, and network errors
 */
export async function openDownload(http: HttpClient, request: DownloadRequest): Promise<Download> {
  const { url, signal } = request;
  const response = await http.request({ url, signal, headers: resumeHeaders(request) });
  return readDownload(response, request, { task: `download "${url.href}"`, size: request.size });
}

/** Headers that ask for the rest of a download, if it still is the same; without a strong ETag all of it is asked for. */
export function resumeHeaders({ offset, validator }: DownloadPosition): Readonly<Record<string, string>> {
  return isStrongEtag(validator) ? rangeHeaders({ offset, size: null }, validator) : {};
}

/**
 * The download in an answer to resumeHeaders(): the whole, or the rest of the very version that the first part is of.
 *
 * @param asked the task follows "Cannot"; the size, in bytes, tells content from what was encoded on the way
 * @throws {PkgError} by status; HTTP_UNEXPECTED for a part that was not asked for or is of another version
 * @see RFC 9110, sections 13.1.5 and 15.3.7
 */
export async function readDownload(
  response: HttpResponse,
  position: DownloadPosition,
  { task, size }: Pick<RangeAsked, "task" | "size">,
): Promise<Download> {
  if (response.status !== 200 && response.status !== 206) throw await statusError(response, task);
  try {
    return {
      ...downloadExtent(response, position, { task, size }),
      validator: strongEtag(response, size),
      // What was encoded on the way has no validator, so no part of it is ever asked for.
      body: response.status === 206 ? response.body : response.content(size),
    };
  } catch (error) {
    await response.discard();
    throw error;
  }
}

function downloadExtent(
  response: HttpResponse,
  { offset, validator }: DownloadPosition,
  { task, size }: Pick<RangeAsked, "task" | "size">,
): Extent {
  const extent = extentOf(response, { task, offset, size });
  if (response.status === 200) return extent;
  const etag = response.header("etag");
  if (!isStrongEtag(validator) || etag !== validator) {
    const found = etag === null ? "none" : `"${etag}"`;
    throw new PkgError("HTTP_UNEXPECTED", `Cannot ${task}: expected a part with ETag "${validator}", found ${found}`);
  }
  // Without the size of the whole, nothing tells the end of the part from the end of the content.
  if (extent.size !== null) return extent;
  throw new PkgError("HTTP_UNEXPECTED", `Cannot ${task}: Content-Range does not say how long the whole is`);
}
