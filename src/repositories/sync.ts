import { formatCount } from "../base/age.ts";
import { asFailure, describeFailure, eachNamed, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { isTransient, type PkgError } from "../errors.ts";
import type { IndexTrust } from "../index-database/package-index.ts";
import type { PublicKey } from "../package/public-key.ts";
import { checkClock, expired, isExpired } from "../verify/index-freshness.ts";
import type { Pinning } from "../verify/trust-request.ts";
import { fetchIndex, fetchWhole } from "./fetch-index.ts";
import { createFetchWatch, type FetchWatch, type IndexPatience, retryWithin, syncPatience } from "./fetch-watch.ts";
import type { FetchedIndex, IndexReader } from "./fetched-index.ts";
import { tellUnchanged } from "./formula-age.ts";
import { describeTrust, type TrustSummary, trustNotes } from "./index-summary.ts";
import { knownVersion } from "./known-version.ts";
import { findRepository, namesOf } from "./repositories.ts";
import { type RepositoryRequest, readerOf, requestOf } from "./repository-fetch.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";
import { type TakenIndex, takeIndex } from "./take-index.ts";
import { createWaitingNote } from "./waiting-note.ts";

export interface SyncOptions {
  /** Fetch even what the server would call unchanged. */
  readonly force: boolean;
  /** How long each repository is waited for; default: as long as an explicit `pkg sync` waits. */
  readonly patience?: IndexPatience;
  /** Accept an index that has expired. */
  readonly allowStale?: boolean;
  /** Accept that many formulae are missing at once. */
  readonly acceptLoss?: boolean;
  /** The new keys of the repository that a person accepts. */
  readonly accepted?: readonly PublicKey[];
  /** Called with the name of each repository whose sync is over, however it ended. */
  readonly onEnd?: (name: string) => void;
}

export type SyncedRepository =
  | {
      readonly name: string;
      readonly state: "updated";
      /** How many different packages it has. */
      readonly packageCount: number;
      /** One for each version, and each build of it. */
      readonly entryCount: number;
      readonly skippedCount: number;
      /** Of the document as it was fetched. */
      readonly sizeBytes: number;
      readonly signedBy: string | null;
      /** Null for an index of an older version, which says nothing about itself. */
      readonly trust: (TrustSummary & { readonly pinning: Pinning }) | null;
    }
  | { readonly name: string; readonly state: "unchanged"; readonly packageCount: number; readonly entryCount: number }
  | { readonly name: string; readonly state: "failed"; readonly error: Failure };

export interface SyncOutcome {
  readonly repositories: readonly SyncedRepository[];
}

export interface SyncNamedOptions {
  readonly force: boolean;
  readonly allowStale: boolean;
  readonly acceptLoss?: boolean;
}

/** Syncs the repositories that are named, else all that are enabled. */
export async function syncNamed(
  cap: SyncCapabilities,
  names: readonly string[],
  options: SyncNamedOptions,
): Promise<WithErrors<SyncOutcome>> {
  if (names.length === 0) return syncTelling(cap, cap.config.repositories.filter(isEnabled), options);
  const named = await eachNamed(names, async (name) => findRepository(cap.config, name));
  const known = named.items.flatMap((item) => ("error" in item ? [] : [item]));
  const { outcome, errors } = await syncTelling(cap, known, options);
  for (const { name } of known.filter((repository) => !repository.enabled)) {
    cap.emit({
      kind: "note",
      message: `${name} is disabled: its index is not used before \`pkg repo enable ${name}\``,
    });
  }
  const synced = new Map(outcome.repositories.map((item) => [item.name, item]));
  const repositories = named.items.flatMap((item) =>
    "error" in item ? [{ state: "failed" as const, ...item }] : (synced.get(item.name) ?? []),
  );
  return { outcome: { repositories }, errors: [...named.errors, ...errors] };
}

/** The same, and while some are waited for, it is told which can be used already. */
async function syncTelling(
  cap: SyncCapabilities,
  repositories: readonly ConfiguredRepository[],
  options: SyncNamedOptions,
): ReturnType<typeof sync> {
  const waiting = createWaitingNote(cap.emit, namesOf({ repositories }));
  try {
    return await sync({ ...cap, emit: waiting.emit }, repositories, options);
  } finally {
    waiting.end();
  }
}

function isEnabled({ enabled }: ConfiguredRepository): boolean {
  return enabled;
}

/**
 * Brings the index of each repository up to date, all of them side by side; one that fails keeps the index it had, and what
 * the network had to do with it is remembered.
 */
export async function sync(
  cap: SyncCapabilities,
  repositories: readonly ConfiguredRepository[],
  options: SyncOptions,
): Promise<WithErrors<SyncOutcome> & { readonly failed: ReadonlyMap<string, PkgError> }> {
  const failed = new Map<string, PkgError>();
  const results = await Promise.all(
    repositories.map(async (repository): Promise<SyncedRepository> => {
      try {
        const synced = await syncRepository(cap, repository, options);
        cap.indexes.failures.clear(repository.name);
        return synced;
      } catch (error) {
        const failure = asFailure(error);
        // That nobody waited says nothing about its server.
        if (options.patience?.unwanted?.aborted !== true) noteFailure(cap, repository, failure);
        failed.set(repository.name, failure);
        cap.emit({ kind: "task-failed", id: `sync:${repository.name}`, error: failure });
        return { name: repository.name, state: "failed", error: describeFailure(failure) };
      } finally {
        options.onEnd?.(repository.name);
      }
    }),
  );
  return {
    outcome: { repositories: results },
    errors: repositories.flatMap(({ name }) => failed.get(name) ?? []),
    failed,
  };
}

function noteFailure({ indexes, now }: SyncCapabilities, { name, url }: ConfiguredRepository, error: PkgError): void {
  const { code, message } = error;
  if (isTransient(error)) indexes.failures.note(name, { atMs: now(), url, code, message });
  else indexes.failures.clear(name);
}

/** Syncs one repository. @throws {PkgError} whatever kept the index from being replaced; the old one is untouched */
export async function syncRepository(
  cap: SyncCapabilities,
  repository: ConfiguredRepository,
  options: SyncOptions,
): Promise<SyncedRepository> {
  const { name } = repository;
  const { emit, indexes } = cap;
  const id = `sync:${name}`;
  const task = `sync "${name}"`;
  emit({ kind: "task-started", id, title: `sync ${name}`, totalBytes: null });
  const [trust, now] = [await cap.trust(), cap.now()];
  const known =
    options.force || options.accepted !== undefined ? null : knownVersion(indexes, repository, trust.get(name));
  const { patience = syncPatience(cap.retry.policy) } = options;
  const watch = createFetchWatch(cap.signal, patience, task);
  const reader = watchedReader(watch, readerOf({ ...cap, retry: retryWithin(cap.retry, patience) }, name));
  const fetching = watched(watch, requestOf(cap, repository, { task, namedBy: "config" }));
  const fetched = await watch.during(() => fetchIndex(reader, { ...fetching, known }));
  if (fetched === null) {
    if (known?.trust) checkFresh(known.trust, { task, now }, options);
    indexes.touch(name, now);
    if (known !== null) tellUnchanged(cap, [[name, { meta: known }]]);
    emit({ kind: "task-done", id, summary: "unchanged" });
    return { name, state: "unchanged", packageCount: known?.packages ?? 0, entryCount: known?.entries ?? 0 };
  }
  emit({ kind: "task-step", id, step: "verify" });
  const taken = await takeIndex(
    { indexes, trust, host: cap.config.host, configured: namesOf(cap.config), emit, now },
    {
      ...{ repository, task, accepted: options.accepted ?? null, takesOver: !options.force },
      ...{ allowStale: options.allowStale ?? false, acceptLoss: options.acceptLoss ?? false },
      fetched: patient(watch, fetched),
      refetch: async () => patient(watch, await watch.during(() => fetchWhole(reader, fetching))),
    },
  );
  emit({ kind: "task-done", id, summary: formatCount(taken.packages, "package") });
  for (const event of taken.trusted === null ? [] : trustNotes(name, taken.trusted, cap)) emit(event);
  return describe(name, taken);
}

/** The same reader, whose answers and failures the watch sees. */
export function watchedReader(watch: FetchWatch, reader: IndexReader): IndexReader {
  const onRetry: IndexReader["retry"]["onRetry"] = (error, waitMs) => {
    watch.failed(error, waitMs);
    reader.retry.onRetry?.(error, waitMs);
  };
  return { ...reader, signal: watch.signal, retry: { ...reader.retry, onRetry }, onAnswer: watch.answered };
}

/** The same request, whose progress the watch sees. */
export function watched(watch: FetchWatch, request: RepositoryRequest): RepositoryRequest {
  const onProgress: RepositoryRequest["onProgress"] = (bytes, totalBytes) => {
    watch.received(bytes);
    request.onProgress(bytes, totalBytes);
  };
  return { ...request, onProgress };
}

/** The same index, whose signatures are waited for no longer than the watch allows. */
function patient(watch: FetchWatch, fetched: FetchedIndex): FetchedIndex {
  return { ...fetched, signatures: () => watch.during(fetched.signatures) };
}

/** A server may answer "unchanged" for as long as it likes, but the index still expires. */
function checkFresh(
  trust: IndexTrust,
  request: { readonly task: string; readonly now: number },
  { allowStale = false }: SyncOptions,
): void {
  checkClock(trust.issuedMs, request);
  if (!allowStale && isExpired(trust, request.now)) throw expired(trust, request);
}

function describe(name: string, { packages, entries, skipped, bytes, signers, trusted }: TakenIndex): SyncedRepository {
  const trust =
    trusted === null ? null : { ...describeTrust(trusted.record, trusted.record.url), pinning: trusted.pinning };
  return {
    name,
    state: "updated",
    packageCount: packages,
    entryCount: entries,
    skippedCount: skipped,
    sizeBytes: bytes,
    signedBy: signers[0] ?? null,
    trust,
  };
}
