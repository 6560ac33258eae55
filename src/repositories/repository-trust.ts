import { givenWith } from "../base/given-with.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { PkgError } from "../errors.ts";
import type { IndexMeta } from "../index-database/package-index.ts";
import type { FormulaFloors } from "../state/formula-floors.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { formulaAddress } from "./formula-files.ts";
import { configuredKeys, describeTrust, type KeySummary, type TrustSummary } from "./index-summary.ts";
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
  /** Who signs its formulae, and which were accepted last; null for other repositories. */
  readonly formulae: FormulaTrust | null;
}

/** Whom a repository of formulae trusts, and what was accepted from there. */
export interface FormulaTrust {
  readonly url: string;
  /** One of these has to sign. */
  readonly keys: readonly KeySummary[];
  /** How many there were. Null, as the others: none were accepted yet. */
  readonly packageCount: number | null;
  /** The commit that they were made from, or the digest of a document that names none. */
  readonly mark: string | null;
  /** When they were first seen, ISO 8601. */
  readonly unchangedSince: string | null;
}

/** What is pinned for a repository. @throws {PkgError} REPOSITORY_UNKNOWN */
export async function showTrust(
  { config, pins, indexes }: Pick<Capabilities, "config" | "pins" | "indexes">,
  name: string,
): Promise<TrustOutcome> {
  const { get, floors } = await pins();
  const repository = findOrNull(config, name);
  if (repository?.kind === "homebrew") {
    return {
      name,
      unsigned: null,
      pinned: null,
      formulae: formulaTrust(floors, repository, readIndexMeta(indexes, name)),
    };
  }
  const record = get(name);
  if (record === null) {
    findRepository(config, name);
    const meta = readIndexMeta(indexes, name);
    const notice = repository === null || meta === null || isSigned(meta) ? null : unsignedNotice(repository);
    return { name, pinned: null, unsigned: notice, formulae: null };
  }
  const { givenKeys, pinnedMs } = record;
  const summary = describeTrust(record, repository?.url ?? record.url);
  const pinned = { ...summary, pinnedAt: new Date(pinnedMs).toISOString(), givenKeys };
  return { name, unsigned: null, pinned, formulae: null };
}

function formulaTrust(floors: FormulaFloors, repository: ConfiguredRepository, meta: IndexMeta | null): FormulaTrust {
  const { url } = repository;
  const floor = floors.get(formulaAddress(url, meta?.file));
  return {
    url,
    keys: configuredKeys(repository),
    packageCount: floor?.formulae ?? null,
    mark: floor?.mark ?? null,
    unchangedSince: floor === null ? null : new Date(floor.sinceMs).toISOString(),
  };
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
  if (repository.kind === "homebrew") throw keysInConfig(name);
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

function keysInConfig(name: string): PkgError {
  return new PkgError(
    "USAGE",
    `Cannot accept keys for "${name}": its formulae are signed by the keys in the config alone`,
    {
      hint: `Write them there: keys = ["ID:MII…"] under [repositories.${name}]`,
    },
  );
}

function refuseKeyId(text: string): void {
  if (!/^[0-9A-F]{1,16}$/i.test(text)) return;
  throw new PkgError("USAGE", `Cannot accept "${text}": it is a key's id, and anybody can make a key with that id`, {
    hint: "Name the whole key, which begins with RW, as its publisher announces it",
  });
}
