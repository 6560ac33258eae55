import { givenWith } from "../base/given-with.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { describeTrust, type TrustSummary } from "./index-summary.ts";
import { isSigned, readIndexMeta } from "./known-version.ts";
import { findOrNull, findRepository } from "./repositories.ts";
import { sync } from "./sync.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";
import { unsignedNotice } from "./unsigned-notice.ts";

export interface TrustOutcome {
  readonly name: string;
  /** What it means that its index is not signed; null: it is, or was never synced. */
  readonly unsigned: string | null;
  /** Null: nothing is pinned. */
  readonly pinned: (TrustSummary & { readonly pinnedAt: string; readonly givenKeys: readonly string[] }) | null;
}

/** What is pinned for a repository. @throws {PkgError} REPOSITORY_UNKNOWN */
export async function showTrust(
  { config, pins, indexes }: Pick<Capabilities, "config" | "pins" | "indexes">,
  name: string,
): Promise<TrustOutcome> {
  const record = (await pins()).get(name);
  if (record === null) {
    const repository = findRepository(config, name);
    const meta = readIndexMeta(indexes, name);
    return { name, pinned: null, unsigned: meta === null || isSigned(meta) ? null : unsignedNotice(repository) };
  }
  const { givenKeys, pinnedMs } = record;
  const summary = describeTrust(record, findOrNull(config, name)?.url ?? record.url);
  return { name, unsigned: null, pinned: { ...summary, pinnedAt: new Date(pinnedMs).toISOString(), givenKeys } };
}

/**
 * Syncs a repository whose keys have changed, and pins the new ones, which have to be exactly those named. All other
 * checks of an index still apply: its identity, a serial that does not go back, its expiry.
 *
 * @throws {PkgError} REPOSITORY_UNKNOWN, USAGE, KEY_INVALID; KEYS_CHANGED for an index with other keys; as trustIndex
 */
export async function acceptKeys(cap: SyncCapabilities, name: string, keys: readonly string[]): Promise<TrustOutcome> {
  if (findOrNull(cap.config, name) === null && (await cap.trust()).get(name) !== null) throw notInConfig(name);
  const repository = findRepository(cap.config, name);
  for (const key of keys) refuseKeyId(key);
  const accepted = keys.map((key) => givenWith("--accept-keys", () => parsePublicKey(key)));
  const { errors } = await sync(cap, [repository], { force: true, accepted });
  const [error] = errors;
  if (error !== undefined) throw error;
  return showTrust({ ...cap, pins: cap.trust }, name);
}

function notInConfig(name: string): PkgError {
  return new PkgError("REPOSITORY_UNKNOWN", `Cannot accept keys for "${name}": it is not in the config any more`, {
    hint: `Run \`pkg repo remove ${name}\`, which forgets its keys, and add it again`,
  });
}

function refuseKeyId(text: string): void {
  if (!/^[0-9A-F]{1,16}$/i.test(text)) return;
  throw new PkgError("USAGE", `Cannot accept "${text}": it is a key's id, and anybody can make a key with that id`, {
    hint: "Name the whole key, which begins with RW, as its publisher announces it",
  });
}
