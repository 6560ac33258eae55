import type { Event } from "../base/events.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { formatTime } from "../index/header.ts";
import type { KeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { TrustedIndex } from "../verify/trust-request.ts";
import { isElsewhere } from "./identity-address.ts";

/** A public key, as outcomes report it. */
export interface KeySummary {
  /** 16 hex digits, as minisign prints it; of formulae, the name by which signatures call it. */
  readonly keyId: string;
  /** The whole key, which begins with `RW`; of formulae, SPKI in base64. */
  readonly publicKey: string;
}

/** A public key and its id. */
export function describeKey({ keyId, text }: PublicKey): KeySummary {
  return { keyId, publicKey: text };
}

/** The keys that the config has for a repository, of either kind. */
export function configuredKeys({ policy, formulaKeys }: ConfiguredRepository): readonly KeySummary[] {
  const formula = formulaKeys.map(({ id, spki }) => ({ keyId: id, publicKey: spki }));
  return [...policy.keys.map(describeKey), ...formula];
}

/** What an index says about itself and who may sign it, as outcomes report it. */
export interface TrustSummary {
  /** What the index calls itself. */
  readonly identity: string;
  /** Where it is fetched from. */
  readonly url: string;
  /** True when that is another place than the index calls itself: a mirror, or an imitation. */
  readonly elsewhere: boolean;
  readonly serial: number;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** The version of the key set in force. */
  readonly keySetVersion: number;
  /** How many of the keys have to sign. */
  readonly threshold: number;
  readonly keys: readonly KeySummary[];
}

/** What a summary is made from; times in ms since the epoch. */
export interface Summarized {
  readonly repository: string;
  readonly serial: number;
  readonly expiresMs: number;
  readonly keySet: KeySet;
}

/** What is known about a signed index, for people and for `--json`. `url`: where it is fetched from. */
export function describeTrust({ repository, serial, expiresMs, keySet }: Summarized, url: string): TrustSummary {
  return {
    identity: repository,
    url,
    elsewhere: isElsewhere(repository, url),
    serial,
    expiresAt: formatTime(expiresMs),
    keySetVersion: keySet.version,
    threshold: keySet.threshold,
    keys: keySet.keys.map((key) => describeKey(parsePublicKey(key))),
  };
}

/** What a person has to know about an index that was accepted, or would be. */
export function trustNotes(
  name: string,
  { record, pinning, isExpired }: TrustedIndex,
  { isRehearsal = false }: { readonly isRehearsal?: boolean } = {},
): readonly Event[] {
  const notes: Event[] = [];
  const message = pinningNote(name, record, { pinning, are: isRehearsal ? "would be" : "are" });
  if (message !== null) notes.push({ kind: "note", message });
  if (isExpired) {
    const expires = formatTime(record.expiresMs);
    notes.push({
      kind: "warning",
      message: `${name}: its index expired at ${expires}, and is accepted because of --allow-stale`,
    });
  }
  return notes;
}

function pinningNote(
  name: string,
  { repository, keySet }: Summarized,
  { pinning, are }: { readonly pinning: TrustedIndex["pinning"]; readonly are: "are" | "would be" },
): string | null {
  const keys = `${keySet.threshold} of ${keySet.keys.join(", ")}`;
  switch (pinning) {
    case "kept":
      return null;
    case "first use":
      return `${name}: the keys of ${repository} ${are} pinned on first use: ${keys}; compare them with those that its publisher announces`;
    case "given":
      return `${name}: the keys of ${repository} ${are} pinned, as those in the config signed them: ${keys}`;
    case "rotated":
      return `${name}: the keys of ${repository} have changed, signed by those before: ${keys}`;
    case "accepted":
      return `${name}: the new keys of ${repository} ${are} pinned, as you accepted them: ${keys}`;
  }
}
