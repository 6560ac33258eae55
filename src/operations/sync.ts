import { createReadStream, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Repository } from "../config/config.ts";
import { PkgError, systemCode } from "../errors.ts";
import { retry, sleep } from "../http/retry.ts";
import { statusError } from "../http/status.ts";
import { openContainer } from "../index/container.ts";
import { INDEX_LIMITS, readIndex } from "../index/read-index.ts";
import { parseSignature, verifySignature } from "../verify/minisign.ts";
import type { Capabilities } from "./capabilities.ts";
import { type DownloadedIndex, storeDownload } from "./index-download.ts";
import { asFailure, describeFailure, type Failure, type WithErrors } from "./outcome.ts";
import { findRepository } from "./repositories.ts";

export type SyncCapabilities = Pick<Capabilities, "config" | "emit" | "signal" | "now" | "network" | "indexes">;

export interface SyncOptions {
  /** Fetch even what the server would call unchanged. */
  readonly force: boolean;
  /** Give up when the server has not begun to answer after so many ms; null: wait as long as it takes. */
  readonly answerWithinMs: number | null;
}

export type SyncedRepository =
  | {
      readonly repository: string;
      readonly state: "updated";
      readonly entries: number;
      readonly skipped: number;
      readonly bytes: number;
      readonly signedBy: string | null;
    }
  | { readonly repository: string; readonly state: "unchanged"; readonly entries: number }
  | { readonly repository: string; readonly state: "failed"; readonly error: Failure };

export interface SyncOutcome {
  readonly repositories: readonly SyncedRepository[];
}

/** Syncs the repositories that are named, else all that are enabled. */
export async function syncNamed(
  cap: SyncCapabilities,
  names: readonly string[],
  options: { readonly force: boolean },
): Promise<WithErrors<SyncOutcome>> {
  const repositories =
    names.length === 0
      ? cap.config.repositories.filter((repository) => repository.enabled)
      : names.map((name) => findRepository(cap.config, name));
  return sync(cap, repositories, { force: options.force, answerWithinMs: null });
}

/** Brings the index of each repository up to date; one that fails keeps the index it had. */
export async function sync(
  cap: SyncCapabilities,
  repositories: readonly Repository[],
  options: SyncOptions,
): Promise<WithErrors<SyncOutcome>> {
  const errors: PkgError[] = [];
  const results = await Promise.all(
    repositories.map(async (repository): Promise<SyncedRepository> => {
      try {
        return await syncRepository(cap, repository, options);
      } catch (error) {
        const failure = asFailure(error);
        errors.push(failure);
        cap.emit({ kind: "task-failed", id: `sync:${repository.name}`, error: failure });
        return { repository: repository.name, state: "failed", error: describeFailure(failure) };
      }
    }),
  );
  return { outcome: { repositories: results }, errors };
}

/** @throws {PkgError} whatever kept the index from being replaced; the old one is untouched */
export async function syncRepository(
  cap: SyncCapabilities,
  repository: Repository,
  options: SyncOptions,
): Promise<SyncedRepository> {
  const id = `sync:${repository.name}`;
  cap.emit({ kind: "task-started", id, title: `sync ${repository.name}`, totalBytes: null });
  const known = options.force ? null : knownVersion(cap, repository);
  const download = await downloadIndex(cap, repository, known, options);
  if (download === null) {
    cap.indexes.touch(repository.name, cap.now());
    cap.emit({ kind: "task-done", id, summary: "unchanged" });
    return { repository: repository.name, state: "unchanged", entries: known?.entries ?? 0 };
  }
  try {
    cap.emit({ kind: "task-step", id, step: "verify" });
    const result = await replaceIndex(cap, repository, download);
    cap.emit({ kind: "task-done", id, summary: `${result.entries} packages` });
    return result;
  } finally {
    download.remove();
  }
}

/** What a server needs to say "unchanged". */
interface KnownVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly entries: number;
}

/** A damaged index, or one that came from another address, counts as none: the whole is fetched. */
function knownVersion(cap: SyncCapabilities, repository: Repository): KnownVersion | null {
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

async function downloadIndex(
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

async function replaceIndex(
  cap: SyncCapabilities,
  repository: Repository,
  download: DownloadedIndex,
): Promise<SyncedRepository & { readonly state: "updated" }> {
  const writer = cap.indexes.write(repository.name);
  try {
    const read = await readIndex(
      openContainer(createReadStream(download.path, { highWaterMark: 256 * 1024 }), INDEX_LIMITS),
      {
        host: cap.config.host,
        limits: INDEX_LIMITS,
        onEntry: (entry) => writer.add(entry),
        onSkipped: (reason) => cap.emit({ kind: "detail", message: `${repository.name}: skipped ${reason}` }),
      },
    );
    const signedBy = await checkIndexSignature(cap, repository, download, read.format);
    if (read.skipped > 0) warnSkipped(cap, repository.name, read.skipped);
    if (read.entries === 0 && read.skipped > 0) {
      throw new PkgError(
        "INDEX_INVALID",
        `Cannot sync "${repository.name}": none of its ${read.skipped} entries can be used`,
        {
          hint: `Run \`pkg sync ${repository.name} --verbose\` to see why`,
        },
      );
    }
    writer.commit({
      url: repository.url,
      etag: download.etag,
      lastModified: download.lastModified,
      syncedAtMs: cap.now(),
      entries: read.entries,
      skipped: read.skipped,
      format: read.format,
      keyId: signedBy,
    });
    return {
      repository: repository.name,
      state: "updated",
      entries: read.entries,
      skipped: read.skipped,
      bytes: download.bytes,
      signedBy,
    };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

function warnSkipped(cap: SyncCapabilities, name: string, skipped: number): void {
  const entries = skipped === 1 ? "1 entry" : `${skipped} entries`;
  cap.emit({ kind: "warning", message: `${name}: ${entries} skipped; --verbose tells why` });
}

/**
 * An index of the third generation carries the only statement of what its packages hash to, so with a key
 * known its signature is required; the older ones were never signed and their packages sign for themselves.
 */
async function checkIndexSignature(
  cap: SyncCapabilities,
  repository: Repository,
  download: DownloadedIndex,
  format: string,
): Promise<string | null> {
  const { policy, signedIndex } = repository;
  const wanted = signedIndex || (format === "g3" && policy.keys.length > 0);
  if (!wanted) return null;
  const signature = parseSignature(await fetchSignature(cap, repository));
  const { keyId } = verifySignature({
    signature,
    keys: policy.keys,
    content: { blake2b512: download.blake2b512 },
    allowLegacy: false,
  });
  return keyId;
}

const MAX_SIGNATURE_BYTES = 16 * 1024;

async function fetchSignature(cap: SyncCapabilities, repository: Repository): Promise<Buffer> {
  const url = new URL(repository.url);
  url.pathname += ".sig";
  const what = `fetch the signature of the index of "${repository.name}"`;
  if (url.protocol === "file:") {
    return readLocalSignature(fileURLToPath(url), repository.name);
  }
  const network = await cap.network();
  const response = await network.http.request({ url, signal: cap.signal });
  if (response.status === 404) {
    await response.discard();
    throw missingSignature(repository.name, undefined);
  }
  if (response.status !== 200) throw await statusError(response, what);
  return response.readBytes(MAX_SIGNATURE_BYTES);
}

function readLocalSignature(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw missingSignature(name, error);
  }
}

function missingSignature(name: string, cause: unknown): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot sync "${name}": its index has no signature, expected one by the repository's key`,
    { cause },
  );
}
