import { type RetryOptions, retry, sleep, triedOnce } from "../base/retry.ts";
import type { Network } from "../capabilities/capabilities.ts";
import { statusError } from "../http/status.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { answerDeadline } from "./answer-deadline.ts";
import {
  type FetchedIndex,
  type FetchIndexRequest,
  type KnownVersion,
  missingSignatures,
  signedNames,
} from "./fetched-index.ts";
import { type DownloadedIndex, storeDownload } from "./index-download.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** An index at an address, its signatures at the same address with `.sig` added. */
export async function fetchHttpIndex(cap: SyncCapabilities, request: FetchIndexRequest): Promise<FetchedIndex | null> {
  const network = await cap.network();
  const url = new URL(request.repository.url);
  const policy = request.answerWithinMs === null ? network.retry : triedOnce(network.retry);
  const retrying = retryOptions(cap, request.repository.name, policy);
  const download = await retry(() => requestIndex(cap, network, request), retrying);
  if (download === null) return null;
  const signatures = () => retry(() => requestSignatures(cap, network, request), retrying);
  return { download, signatures, fileNames: signedNames(url), isOneMoment: false };
}

function retryOptions(cap: SyncCapabilities, name: string, policy: RetryOptions["policy"]): RetryOptions {
  return {
    policy,
    signal: cap.signal,
    random: Math.random,
    sleep,
    onRetry: (error, waitMs) => cap.emit({ kind: "retrying", what: name, waitMs, reason: error.message }),
  };
}

async function requestIndex(
  cap: SyncCapabilities,
  { http }: Network,
  { repository, known, answerWithinMs }: FetchIndexRequest,
): Promise<DownloadedIndex | null> {
  const { name, url } = repository;
  const deadline = answerDeadline(cap.signal, answerWithinMs, name);
  try {
    const response = await http.request({ url: new URL(url), headers: conditions(known), signal: deadline.signal });
    deadline.answered();
    if (response.status === 304) {
      await response.discard();
      return null;
    }
    if (response.status !== 200) throw await statusError(response, `sync "${name}"`);
    const length = response.header("content-length");
    const totalBytes = length === null ? null : Number(length);
    return await storeDownload(cap.indexes.path(name), response.body, {
      etag: response.header("etag"),
      lastModified: response.header("last-modified"),
      declaredBytes: totalBytes,
      onProgress: (bytes) => cap.emit({ kind: "task-progress", id: `sync:${name}`, bytes, totalBytes }),
    });
  } catch (error) {
    throw deadline.explain(error);
  }
}

function conditions(known: KnownVersion | null): Record<string, string> {
  if (known?.etag) return { "if-none-match": known.etag };
  if (known?.lastModified) return { "if-modified-since": known.lastModified };
  return {};
}

async function requestSignatures(
  { signal }: SyncCapabilities,
  { http }: Network,
  { repository }: FetchIndexRequest,
): Promise<Buffer> {
  const url = new URL(repository.url);
  url.pathname += ".sig";
  const response = await http.request({ url, signal });
  if (response.status === 404) {
    await response.discard();
    throw missingSignatures(repository.name);
  }
  if (response.status !== 200) {
    throw await statusError(response, `fetch the signature of the index of "${repository.name}"`);
  }
  return response.readBytes(MAX_SIGNATURE_LIST_BYTES);
}
