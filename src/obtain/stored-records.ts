import type { BlobStore } from "../blobs/blob-store.ts";
import { isMadeFile } from "../package/holdings.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { isActive, type Policy } from "../package/policy.ts";
import { compareBytes, isSameOwner } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Generations } from "../state/generations.ts";
import type { Installations } from "../state/installations.ts";

/** Where a package is looked for that was fetched once. */
export interface StoreContext extends RecordContext {
  readonly blobs: Pick<BlobStore, "reopen">;
  readonly signal: AbortSignal;
}

/** Where it is recorded. */
interface RecordContext {
  readonly installations: Pick<Installations, "get">;
  /** What was installed before, and is kept; absent: nothing. */
  readonly generations?: Pick<Generations, "editions" | "edition">;
}

/** Whether the very same package is installed, or was before: then it need not be fetched, unless the store has lost it. */
export function isRecorded(records: RecordContext, resolution: Resolution): boolean {
  return recordsOf(records, resolution).next().done !== true;
}

/** What is recorded of the very same package: what is installed, and then what was, the last one first. */
export function* recordsOf(context: RecordContext, resolution: Resolution): Generator<Installation> {
  for (const recorded of recordedAs(context, resolution.name)) {
    if (isSamePackage(recorded, resolution)) yield recorded;
  }
}

function* recordedAs({ installations, generations }: RecordContext, name: string): Generator<Installation> {
  const installed = installations.get(name);
  if (installed !== null) yield installed;
  if (generations === undefined) return;
  for (const { id } of generations.editions(name)) yield generations.edition(id);
}

function isSamePackage(recorded: Installation, resolution: Resolution): boolean {
  return (
    isSameOwner(recorded, resolution) &&
    recorded.packageId === resolution.packageId &&
    recorded.version === resolution.version &&
    compareBytes(resolution.origin, recorded) === "same"
  );
}

const BY_RECORD = ["digest", "checksum", "signature", "facts"] as const;

/**
 * Whether a package, whose own bytes are gone and whose members are in the store, has passed all that a policy requires. Who built
 * it is looked up again.
 */
export function hasPassed({ checks }: Pick<Installation, "checks">, policy: Policy): boolean {
  if (isActive(policy, "provenance")) return false;
  return BY_RECORD.every((check) => !isActive(policy, check) || checks.includes(check));
}

/** The files that came with a package, without what was made for it, hashed again; null: the store does not hold all of them. */
export async function filesInStore(
  { blobs, signal }: Pick<StoreContext, "blobs" | "signal">,
  { files }: Installation,
): Promise<readonly InstalledFile[] | null> {
  const own = files.filter(({ path }) => !isMadeFile(path));
  for (const { digest } of own) {
    if ((await blobs.reopen(digest, [], signal)) === null) return null;
  }
  return own;
}
