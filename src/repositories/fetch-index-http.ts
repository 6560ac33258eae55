import { retry, triedOnce } from "../base/retry.ts";
import { hasCode } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import { statusError } from "../http/status.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { answerDeadline } from "./answer-deadline.ts";
import {
  type FetchedIndex,
  type FetchIndexRequest,
  type IndexReader,
  type KnownVersion,
  missingSignatures,
  signedNames,
} from "./fetched-index.ts";
import { type DownloadedIndex, storeDownload } from "./index-download.ts";

/** Fetches an index from an address, or the directory at one that ends in "/"; `.sig` is added for its signatures. */
export async function fetchHttpIndex(
  reader: IndexReader,
  request: FetchIndexRequest,
  address: URL,
): Promise<FetchedIndex | null> {
  const candidates = candidatesOf(address);
  for (const url of candidates.slice(0, -1)) {
    try {
      return await fetchFrom(reader, request, url);
    } catch (error) {
      if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
    }
  }
  return fetchFrom(reader, request, candidates.at(-1) ?? address);
}

function candidatesOf(address: URL): readonly URL[] {
  if (!address.pathname.endsWith("/")) return [address];
  return INDEX_FILE_NAMES.map((name) => withPath(address, `${address.pathname}${name}`));
}

/** Replaces the path, and keeps what follows it, such as a query. */
function withPath(address: URL, pathname: string): URL {
  const url = new URL(address);
  url.pathname = pathname;
  return url;
}

async function fetchFrom(reader: IndexReader, request: FetchIndexRequest, url: URL): Promise<FetchedIndex | null> {
  const { policy } = reader.retry;
  const isPatient = request.answerWithinMs === null;
  const retrying = { ...reader.retry, signal: reader.signal, policy: isPatient ? policy : triedOnce(policy) };
  const download = await retry(() => requestIndex(reader, request, url), retrying);
  if (download === null) return null;
  const signatures = () => retry(() => requestSignatures(reader, request, url), retrying);
  return { download, signatures, fileNames: signedNames(fileNameOf(url)), isOneMoment: false };
}

async function requestIndex(
  { network, signal }: IndexReader,
  { task, namedBy, known, answerWithinMs, beside, onProgress }: FetchIndexRequest,
  url: URL,
): Promise<DownloadedIndex | null> {
  const { request } = await network();
  const deadline = answerDeadline(signal, answerWithinMs, task);
  try {
    const response = await request({ url, headers: conditions(known), signal: deadline.signal }, { task, namedBy });
    deadline.answered();
    if (response.status === 304) {
      await response.discard();
      return null;
    }
    if (response.status !== 200) throw await statusError(response, task);
    const totalBytes = declaredBytes(response);
    return await storeDownload(beside, response.body, {
      etag: response.header("etag"),
      lastModified: response.header("last-modified"),
      declaredBytes: totalBytes,
      onProgress: (bytes) => onProgress(bytes, totalBytes),
    });
  } catch (error) {
    throw deadline.explain(error);
  }
}

function declaredBytes(response: HttpResponse): number | null {
  const length = response.header("content-length");
  return length === null ? null : Number(length);
}

function conditions(known: KnownVersion | null): Record<string, string> {
  if (known?.etag) return { "if-none-match": known.etag };
  if (known?.lastModified) return { "if-modified-since": known.lastModified };
  return {};
}

async function requestSignatures(
  { network, signal }: IndexReader,
  { task, namedBy }: FetchIndexRequest,
  index: URL,
): Promise<Buffer> {
  const url = withPath(index, `${index.pathname}.sig`);
  const response = await (await network()).request({ url, signal }, { task, namedBy });
  if (response.status === 404) {
    await response.discard();
    throw missingSignatures(task);
  }
  if (response.status !== 200) throw await statusError(response, task);
  return response.readBytes(MAX_SIGNATURE_LIST_BYTES);
}

function fileNameOf({ pathname }: URL): string {
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
