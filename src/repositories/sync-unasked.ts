import type { EmitEvent } from "../base/events.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { hasCode, type PkgError } from "../errors.ts";
import type { IndexPatience } from "./fetch-watch.ts";
import type { sync } from "./sync.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** Errors that refuse an index that was served; they are reported, and the previous index is used. */
const REFUSALS = [
  "KEYS_CHANGED",
  "INDEX_MISMATCH",
  "INDEX_ROLLED_BACK",
  "INDEX_SHRUNK",
  "CLOCK_WRONG",
  "SIGNATURE_MISSING",
  "SIGNATURE_INVALID",
  "SIGNATURE_UNTRUSTED",
] as const;

/** How indexes are fetched that nobody asked for. */
export interface Fetching {
  readonly patience: IndexPatience;
  /** Whether there are indexes to use in their place. */
  readonly hasOld: boolean;
  /** Called with the name of each repository whose sync is over. */
  readonly onEnd: (name: string) => void;
}

/** Most commands find indexes that are current, and then load nothing of what fetches and reads one. */
const syncNow: typeof sync = async (...given) => (await import("./sync.ts")).sync(...given);

/** Syncs, and returns what went wrong by repository. */
export async function refreshThose(
  cap: SyncCapabilities,
  repositories: readonly ConfiguredRepository[],
  { patience, hasOld, onEnd }: Fetching,
): Promise<readonly (readonly [string, PkgError])[]> {
  if (repositories.length === 0) return [];
  if (hasOld) return [...(await syncQuietly(cap, repositories, { patience, onEnd })).failed];
  const telling = { ...cap, emit: withoutErrors(cap.emit) };
  const { failed } = await syncNow(telling, repositories, { force: false, patience, onEnd });
  return [...failed];
}

/** Syncs what there is an old index of: its progress is not told, but who refused a newer one and why. */
export async function syncQuietly(
  cap: SyncCapabilities,
  repositories: readonly ConfiguredRepository[],
  waiting: Pick<Fetching, "patience"> & Partial<Fetching>,
): Promise<{ readonly failed: ReadonlyMap<string, PkgError>; readonly updated: boolean }> {
  if (repositories.length === 0) return { failed: new Map(), updated: false };
  const { outcome, errors, failed } = await syncNow({ ...cap, emit: () => {} }, repositories, {
    force: false,
    ...waiting,
  });
  for (const error of errors.filter((failure) => hasCode(failure, ...REFUSALS))) {
    cap.emit({ kind: "warning", message: `${error.message}; the previous index is used` });
  }
  return { failed, updated: outcome.repositories.some(({ state }) => state === "updated") };
}

/** What fails is told once, with what follows from it. */
function withoutErrors(emit: EmitEvent): EmitEvent {
  return (event) => emit(event.kind === "task-failed" ? { kind: "task-done", id: event.id, summary: "failed" } : event);
}
