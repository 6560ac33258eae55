import { createReadStream } from "node:fs";
import type { Repository } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { openContainer } from "../index/container.ts";
import { INDEX_LIMITS, readIndex } from "../index/read-index.ts";
import type { Capabilities } from "./capabilities.ts";
import type { DownloadedIndex } from "./index-download.ts";
import { downloadIndex, knownVersion } from "./index-request.ts";
import { checkIndexSignature } from "./index-signature.ts";
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
        onElsewhere: (entry) => writer.addElsewhere(entry),
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
