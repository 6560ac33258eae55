import { PkgError } from "../errors.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { describeTrust, type TrustSummary } from "./index-summary.ts";
import { findRepository } from "./repositories.ts";
import { sync } from "./sync.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

export interface TrustOutcome {
  readonly name: string;
  /** Null: nothing is pinned. */
  readonly pinned: (TrustSummary & { readonly pinnedAt: string; readonly givenKeys: readonly string[] }) | null;
}

/** What is pinned for a repository. @throws {PkgError} REPOSITORY_UNKNOWN */
export async function showTrust(
  { config, trust }: Pick<SyncCapabilities, "config" | "trust">,
  name: string,
): Promise<TrustOutcome> {
  const record = (await trust()).get(name);
  if (record === null) return { name: findRepository(config, name).name, pinned: null };
  const { givenKeys, pinnedMs } = record;
  return { name, pinned: { ...describeTrust(record), pinnedAt: new Date(pinnedMs).toISOString(), givenKeys } };
}

/**
 * Syncs a repository whose keys have changed, and pins the new ones, which have to be exactly those named. All other
 * checks of an index still apply: its identity, a serial that does not go back, its expiry.
 *
 * @throws {PkgError} REPOSITORY_UNKNOWN, USAGE, KEY_INVALID; KEYS_CHANGED for an index with other keys; as trustIndex
 */
export async function acceptKeys(cap: SyncCapabilities, name: string, keys: readonly string[]): Promise<TrustOutcome> {
  const repository = findRepository(cap.config, name);
  for (const key of keys) refuseKeyId(key);
  const accepted = keys.map(parsePublicKey);
  const { errors } = await sync(cap, [repository], { force: true, answerWithinMs: null, accepted });
  const [error] = errors;
  if (error !== undefined) throw error;
  return showTrust(cap, name);
}

function refuseKeyId(text: string): void {
  if (!/^[0-9A-F]{1,16}$/i.test(text)) return;
  throw new PkgError("USAGE", `Cannot accept "${text}": it is a key's id, and anybody can make a key with that id`, {
    hint: "Name the whole key, which begins with RW, as its publisher announces it",
  });
}
