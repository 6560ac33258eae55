import type { HttpClient } from "./client.ts";
import { statusError } from "./status.ts";

export interface DownloadRequest {
  readonly url: URL;
  readonly signal: AbortSignal;
}

/** A body from its first byte, in one attempt. It has the shape of a registry's blob, so it can be stored like one. */
export interface Download {
  readonly offset: 0;
  /** The size in bytes that the server declares; null if it declares none. */
  readonly size: number | null;
  readonly validator: null;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Opens a plain download; the caller checks size and digest while it reads.
 *
 * @throws {PkgError} by status, and network errors
 */
export async function openDownload(http: HttpClient, request: DownloadRequest): Promise<Download> {
  const response = await http.request({ url: request.url, signal: request.signal });
  if (response.status !== 200) throw await statusError(response, `download "${request.url.href}"`);
  const length = Number(response.header("content-length") ?? Number.NaN);
  return { offset: 0, size: Number.isSafeInteger(length) ? length : null, validator: null, body: response.body };
}
