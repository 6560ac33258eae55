import { type RetryOptions, retry } from "../base/retry.ts";
import { asSent, contentCoding } from "../http/content-coding.ts";
import { type Download, type DownloadPosition, readDownload, resumeHeaders } from "../http/download.ts";
import type { FetchIndexRequest, IndexReader, KnownVersion } from "./fetched-index.ts";
import { type DownloadedIndex, indexTooLarge, MAX_DOWNLOAD_BYTES } from "./index-download.ts";
import { gatherIndex, INDEX_HASHES, indexStore } from "./index-store.ts";

/** A request for the index at an http(s) address. */
interface Asking {
  readonly reader: IndexReader;
  readonly request: Omit<FetchIndexRequest, "known">;
  readonly url: URL;
}

/** An answer whose body is an index, or the rest of one. */
interface IndexStream extends Download {
  /** Weak or strong. */
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** The answers to one download. */
interface Streams {
  /** The answer to the request that asked whether anything has changed; null once its body is being read. */
  unread: IndexStream | null;
  last: IndexStream | null;
}

const START: DownloadPosition = { offset: 0, validator: null };

/**
 * Fetches the index at an address into a file. A transfer that breaks off is resumed, by this run or the next one, if a
 * strong ETag shows that the rest is of the same version; otherwise it starts over. Null: it is the known version.
 *
 * @throws {PkgError} INDEX_TOO_LARGE, DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; as readDownload, and those of the network
 */
export async function downloadIndex(
  reader: IndexReader,
  { known, ...request }: FetchIndexRequest,
  url: URL,
): Promise<DownloadedIndex | null> {
  const asking: Asking = { reader, request, url };
  const retrying = retriesFor(reader);
  const store = indexStore({ ...reader, ...request, retry: retrying });
  const { maxBytes = MAX_DOWNLOAD_BYTES } = request;
  const streams: Streams = { unread: null, last: null };
  // A part that an earlier run left is of a newer version: it is resumed without asking first whether anything has changed.
  if (known !== null && !(await store.hasPartOf(url.href))) {
    streams.unread = await retry(() => ask(asking, { position: START, conditions: conditionsOf(known) }), retrying);
    if (streams.unread === null) return null;
  }
  const transfer = {
    maxBytes,
    hashes: INDEX_HASHES,
    address: url.href,
    what: `index "${url.origin}${url.pathname}"`,
    source: (position: DownloadPosition) => nextStream(asking, streams, position),
    onProgress: (bytes: number, resumedBytes?: number) =>
      request.onProgress(bytes, streams.last?.size ?? null, resumedBytes),
    signal: reader.signal,
  };
  try {
    const gathered = await gatherIndex((place) => store.download(transfer, place), maxBytes);
    const { etag = null, lastModified = null, offset = 0 } = streams.last ?? {};
    return { ...gathered, etag, lastModified, isResumed: offset > 0 };
  } finally {
    await streams.unread?.body[Symbol.asyncIterator]().return?.();
  }
}

/** How requests for an index are retried. */
export function retriesFor({ retry: settings, signal }: Pick<IndexReader, "retry" | "signal">): RetryOptions {
  return { ...settings, signal };
}

async function nextStream(asking: Asking, streams: Streams, position: DownloadPosition): Promise<IndexStream> {
  const { unread } = streams;
  streams.unread = null;
  streams.last = unread ?? (await ask(asking, { position, conditions: {} }));
  if (streams.last === null) throw new Error("an index is unchanged, and nothing was known of it");
  return streams.last;
}

interface Question {
  readonly position: DownloadPosition;
  /** Headers that make the server answer 304 if nothing has changed; empty if it must not. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** One request. Null: nothing has changed. */
async function ask(
  { reader: { network, signal, onAnswer }, request: asked, url }: Asking,
  { position, conditions }: Question,
): Promise<IndexStream | null> {
  const { task, namedBy, maxBytes = MAX_DOWNLOAD_BYTES, codings = [] } = asked;
  const { request } = await network();
  const accepted = codings.length === 0 ? {} : { "accept-encoding": codings.join(", ") };
  const response = await request(
    { url, headers: { ...accepted, ...conditions, ...resumeHeaders(position) }, signal },
    { task, namedBy },
  );
  onAnswer?.();
  if (response.status === 304 && Object.keys(conditions).length > 0) {
    await response.discard();
    return null;
  }
  const coding = contentCoding(response);
  const isStored = response.status < 300 && coding !== null && codings.includes(coding);
  const download = await readDownload(isStored ? asSent(response) : response, position, { task, size: null });
  if (download.size !== null && download.size > maxBytes) {
    await response.discard();
    throw indexTooLarge(download.size, maxBytes);
  }
  return { ...download, etag: response.header("etag"), lastModified: response.header("last-modified") };
}

function conditionsOf(known: KnownVersion): Record<string, string> {
  if (known.etag) return { "if-none-match": ofAnyCoding(known.etag) };
  if (known.lastModified) return { "if-modified-since": known.lastModified };
  return {};
}

/** How Apache and Jetty mark the ETag of what they compress; asked for that one, Apache 2.4 never answers "unchanged". */
const CODED_ETAG = /^((?:W\/)?"[^"]*?)-{1,2}(?:gzip|br|zstd)"$/;

/** The ETag, and that of the same document in no coding. */
function ofAnyCoding(etag: string): string {
  const [, plain] = CODED_ETAG.exec(etag) ?? [];
  return plain === undefined ? etag : `${etag}, ${plain}"`;
}
