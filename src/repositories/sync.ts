import { asFailure, describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import type { Repository } from "../config/config.ts";
import type { PkgError } from "../errors.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { IndexTrust } from "../state/package-index.ts";
import { checkClock, expired, isExpired } from "../verify/index-freshness.ts";
import type { Pinning } from "../verify/trust-request.ts";
import { fetchIndex } from "./index-source.ts";
import { describeTrust, type TrustSummary, trustNotes } from "./index-summary.ts";
import { knownVersion } from "./known-version.ts";
import { type Replacement, replaceFetched } from "./replace-fetched.ts";
import { findRepository } from "./repositories.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

export interface SyncOptions {
  /** Fetch even what the server would call unchanged. */
  readonly force: boolean;
  /** Give up when the server has not begun to answer after so many ms; null: wait as long as it takes. */
  readonly answerWithinMs: number | null;
  /** Take an index that has expired. */
  readonly allowStale?: boolean;
  /** The keys that a person says are the new ones of the repository. */
  readonly accepted?: readonly PublicKey[];
}

export type SyncedRepository =
  | {
      readonly repository: string;
      readonly state: "updated";
      readonly entries: number;
      readonly skipped: number;
      readonly bytes: number;
      readonly signedBy: string | null;
      /** Null for the older forms of an index, which say nothing of themselves. */
      readonly trust: (TrustSummary & { readonly pinning: Pinning }) | null;
    }
  | { readonly repository: string; readonly state: "unchanged"; readonly entries: number }
  | { readonly repository: string; readonly state: "failed"; readonly error: Failure };

export interface SyncOutcome {
  readonly repositories: readonly SyncedRepository[];
}

export interface SyncNamedOptions {
  readonly force: boolean;
  readonly allowStale: boolean;
}

/** Syncs the repositories that are named, else all that are enabled. */
export async function syncNamed(
  cap: SyncCapabilities,
  names: readonly string[],
  options: SyncNamedOptions,
): Promise<WithErrors<SyncOutcome>> {
  const repositories =
    names.length === 0
      ? cap.config.repositories.filter((repository) => repository.enabled)
      : names.map((name) => findRepository(cap.config, name));
  return sync(cap, repositories, { ...options, answerWithinMs: null });
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
  const { name } = repository;
  const id = `sync:${name}`;
  cap.emit({ kind: "task-started", id, title: `sync ${name}`, totalBytes: null });
  const pinned = (await cap.trust()).get(name);
  const known = options.force || options.accepted !== undefined ? null : knownVersion(cap, repository, pinned);
  const { answerWithinMs } = options;
  const fetched = await fetchIndex(cap, { repository, known, answerWithinMs });
  if (fetched === null) {
    if (known?.trust) checkFresh(cap, { name, trust: known.trust }, options);
    cap.indexes.touch(name, cap.now());
    cap.emit({ kind: "task-done", id, summary: "unchanged" });
    return { repository: name, state: "unchanged", entries: known?.entries ?? 0 };
  }
  cap.emit({ kind: "task-step", id, step: "verify" });
  const { allowStale = false, accepted = null } = options;
  const task = `sync "${name}"`;
  const request = { repository, fetched, accepted, allowStale, task, answerWithinMs };
  const { bytes, replaced } = await replaceFetched(cap, request);
  cap.emit({ kind: "task-done", id, summary: `${replaced.entries} packages` });
  return describe(cap, { repository, bytes, replaced });
}

/** An index that never changes is served for as long as whoever serves it likes: it expires all the same. */
function checkFresh(
  cap: SyncCapabilities,
  { name, trust }: { readonly name: string; readonly trust: IndexTrust },
  { allowStale = false }: SyncOptions,
): void {
  const request = { task: `sync "${name}"`, now: cap.now() };
  checkClock(trust.issuedMs, request);
  if (!allowStale && isExpired(trust, request.now)) throw expired(trust, request);
}

function describe(
  cap: SyncCapabilities,
  { repository, bytes, replaced }: Replacement & { readonly repository: Repository },
): SyncedRepository {
  const { name } = repository;
  const { entries, skipped, signers, trusted } = replaced;
  for (const event of trusted === null ? [] : trustNotes(name, trusted)) cap.emit(event);
  const trust = trusted === null ? null : { ...describeTrust(trusted.record), pinning: trusted.pinning };
  return { repository: name, state: "updated", entries, skipped, bytes, signedBy: signers[0] ?? null, trust };
}
