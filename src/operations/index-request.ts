import { createReadStream, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Repository } from "../config/config.ts";
import { PkgError, systemCode } from "../errors.ts";
import { retry, sleep } from "../http/retry.ts";
import { statusError } from "../http/status.ts";
import { type DownloadedIndex, storeDownload } from "./index-download.ts";
import { asFailure } from "./outcome.ts";
import type { SyncCapabilities, SyncOptions } from "./sync.ts";

/** What a server needs to say "unchanged". */
export interface KnownVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly entries: number;
}

/** A damaged index, or one that came from another address, counts as none: the whole is fetched. */
export function knownVersion(cap: SyncCapabilities, repository: Repository): KnownVersion | null {
  const index = openOrNull(cap, repository.name);
  if (index === null) return null;
  try {
    return index.meta.url === repository.url ? index.meta : null;
  } finally {
    index.close();
  }
}

function openOrNull(cap: SyncCapabilities, name: string) {
  try {
    return cap.indexes.open(name);
  } catch (error) {
    asFailure(error);
    return null;
  }
}

/** The index as it is now, in a file of its own; null when it is the one that is known. Retried. */
export async function downloadIndex(
  cap: SyncCapabilities,
  repository: Repository,
  known: KnownVersion | null,
  options: SyncOptions,
): Promise<DownloadedIndex | null> {
  const url = new URL(repository.url);
  if (url.protocol === "file:") return copyLocalIndex(cap, repository, url, known);
  if (cap.config.offline) throw new PkgError("OFFLINE", `Cannot sync "${repository.name}": --offline is set`);
  const network = await cap.network();
  return retry(() => requestIndex(cap, repository, known, options), {
    policy: options.answerWithinMs === null ? network.retry : { ...network.retry, attempts: 1 },
    signal: cap.signal,
    random: Math.random,
    sleep,
    onRetry: (error, waitMs) => cap.emit({ kind: "retrying", what: repository.name, waitMs, reason: error.message }),
  });
}

async function requestIndex(
  cap: SyncCapabilities,
  repository: Repository,
  known: KnownVersion | null,
  options: SyncOptions,
): Promise<DownloadedIndex | null> {
  const { http } = await cap.network();
  const deadline = answerDeadline(cap.signal, options.answerWithinMs, repository.name);
  try {
    const response = await http.request({
      url: new URL(repository.url),
      headers: conditions(known),
      signal: deadline.signal,
    });
    deadline.answered();
    if (response.status === 304) {
      await response.discard();
      return null;
    }
    if (response.status !== 200) throw await statusError(response, `sync "${repository.name}"`);
    const length = response.header("content-length");
    return await storeDownload(cap.indexes.path(repository.name), response.body, {
      etag: response.header("etag"),
      lastModified: response.header("last-modified"),
      declaredBytes: length === null ? null : Number(length),
      onProgress: (bytes) =>
        cap.emit({
          kind: "task-progress",
          id: `sync:${repository.name}`,
          bytes,
          totalBytes: length === null ? null : Number(length),
        }),
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

/** A signal that ends the request unless the server begins to answer in time. */
function answerDeadline(signal: AbortSignal, answerWithinMs: number | null, name: string) {
  if (answerWithinMs === null) return { signal, answered: () => {}, explain: (error: unknown) => error };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), answerWithinMs);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    answered: () => clearTimeout(timer),
    explain: (error: unknown) => {
      clearTimeout(timer);
      if (!controller.signal.aborted || signal.aborted) return error;
      return new PkgError("NETWORK_TIMEOUT", `Cannot sync "${name}": no answer within ${answerWithinMs} ms`, {
        cause: error,
      });
    },
  };
}

/** A file has no ETag: its size and modification time stand for one. */
async function copyLocalIndex(
  cap: SyncCapabilities,
  repository: Repository,
  url: URL,
  known: KnownVersion | null,
): Promise<DownloadedIndex | null> {
  const path = fileURLToPath(url);
  try {
    const stat = statSync(path, { bigint: true });
    const etag = `"${stat.size}-${stat.mtimeNs}"`;
    if (known?.etag === etag) return null;
    const body = createReadStream(path, { signal: cap.signal });
    return await storeDownload(cap.indexes.path(repository.name), body, {
      etag,
      lastModified: null,
      declaredBytes: null,
      onProgress: () => {},
    });
  } catch (error) {
    if (error instanceof PkgError) throw error;
    throw new PkgError(
      "INDEX_MISSING",
      `Cannot sync "${repository.name}": "${path}" cannot be read (${systemCode(error) ?? "unknown"})`,
      {
        cause: error,
      },
    );
  }
}
