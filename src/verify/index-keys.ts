import { PkgError } from "../errors.ts";
import type { GivenKeys, Pinning, TrustRequest } from "./index-trust.ts";
import type { KeySet } from "./key-set.ts";
import { type CheckedKeySet, checkSuccession, isSameKeySet, type RefuseKeySet } from "./key-sets.ts";
import { type MinisignSignature, type PublicKey, parsePublicKey } from "./minisign.ts";
import { findSigners, parseSignatures } from "./signature-list.ts";
import type { TrustRecord } from "./trust-record.ts";

/** Checks who may sign, from what is trusted already to the set in force. */
export function judgeKeySets(
  { pinned, given, accepted, name, index, task }: TrustRequest,
  keySets: readonly CheckedKeySet[],
): Pinning {
  const { repository } = index.header;
  const follow = (from: number, refuse: RefuseKeySet) => {
    for (const [position, next] of keySets.entries()) {
      if (position >= from) checkSuccession(repository, { previous: keySets[position - 1] ?? null, next }, refuse);
    }
  };
  if (pinned === null || accepted !== null || isGivenAnew(pinned, given)) {
    follow(0, (problem, cause) => new PkgError("INDEX_INVALID", `Cannot ${task}: ${problem}`, { cause }));
    if (accepted === null) return given.keys.length > 0 ? "given" : "first use";
    checkAccepted(accepted, keySets.at(-1)?.publicKeys ?? [], task);
    return "accepted";
  }
  const refuse: RefuseKeySet = (problem, cause) => keysChanged(name, `${task}: ${problem}`, cause);
  checkPinned(pinned.keySet, keySets, refuse);
  follow(pinned.keySet.version, refuse);
  return keySets.length === pinned.keySet.version ? "kept" : "rotated";
}

/** A person who names other keys in the config than when it was pinned has decided anew whom to trust. */
function isGivenAnew(pinned: TrustRecord, given: GivenKeys): boolean {
  const texts = given.keys.map(({ text }) => text);
  return (
    texts.length > 0 &&
    (texts.length !== pinned.givenKeys.length || texts.some((text) => !pinned.givenKeys.includes(text)))
  );
}

function checkPinned(pinned: KeySet, keySets: readonly CheckedKeySet[], refuse: RefuseKeySet): void {
  const same = keySets[pinned.version - 1];
  if (same === undefined) {
    throw refuse(
      `its newest key set is version ${keySets.length}, expected version ${pinned.version}, which is pinned`,
    );
  }
  if (isSameKeySet(same, pinned)) return;
  const [found, expected] = [idsOf(same.publicKeys), idsOf(pinned.keys.map(parsePublicKey))];
  throw refuse(
    `its key set ${pinned.version} is not the pinned one: expected ${pinned.threshold} of ${expected}, found ${same.threshold} of ${found}`,
  );
}

function checkAccepted(accepted: readonly PublicKey[], publicKeys: readonly PublicKey[], task: string): void {
  const expected = new Set(accepted.map(({ text }) => text));
  if (expected.size === publicKeys.length && publicKeys.every(({ text }) => expected.has(text))) return;
  throw keysChanged(
    null,
    `${task}: the keys that may sign its index are ${idsOf(publicKeys)}, and those you accept are ${idsOf(accepted)}`,
  );
}

/** Ids of the keys of the set in force that have signed, at least as many as it and the config ask for. */
export function judgeSignatures(
  { given, index, task }: TrustRequest,
  inForce: CheckedKeySet,
  pinning: Pinning,
): readonly string[] {
  const { blake2b512, fileNames } = index;
  const signatures = parseSignatures(index.signatures, task);
  const enough = (keys: readonly PublicKey[], needed: number, whose: string) => {
    const signers = findSigners({ signatures, keys, blake2b512, fileNames, task });
    if (signers.length >= needed) return signers;
    if (signers.length === 0) throw untrusted({ task, signatures, keys, needed, whose });
    throw new PkgError(
      "SIGNATURE_MISSING",
      `Cannot ${task}: its index is signed by ${signers.length} of ${whose} (${quoted(signers)}), expected ${needed}`,
      { hint: "Tell the publisher" },
    );
  };
  if (pinning === "given") enough(given.keys, given.threshold, IN_CONFIG);
  return enough(inForce.publicKeys, Math.max(inForce.threshold, given.threshold), `the keys of set ${inForce.version}`);
}

const IN_CONFIG = "the keys in the config";

interface Untrusted {
  readonly task: string;
  readonly signatures: readonly MinisignSignature[];
  readonly keys: readonly PublicKey[];
  readonly needed: number;
  readonly whose: string;
}

function untrusted({ task, signatures, keys, needed, whose }: Untrusted): PkgError {
  const found = quoted([...new Set(signatures.map(({ keyId }) => keyId))]);
  return new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot ${task}: its index is signed by ${found}, expected ${needed} of ${whose}: ${idsOf(keys)}`,
    {
      hint:
        whose === IN_CONFIG
          ? "If the publisher has other keys now, take them from a source you trust and put them into the config"
          : "Somebody else may have signed it; tell the publisher",
    },
  );
}

/** Why a repository whose keys are pinned may not serve an index that has none. */
export function refuseKeyless({ name, repository, keySet }: TrustRecord, task: string): PkgError {
  const keys = idsOf(keySet.keys.map(parsePublicKey));
  return keysChanged(name, `${task}: its index names no keys, and ${keys} of "${repository}" are pinned`);
}

function keysChanged(name: string | null, problem: string, cause?: PkgError): PkgError {
  const accept =
    name === null
      ? ""
      : `; once you have the new keys from the publisher, run \`pkg repo trust ${name} --accept-keys RW…\``;
  return new PkgError("KEYS_CHANGED", `Cannot ${problem}`, {
    hint: `Somebody may be in the publisher's place: nothing was taken over${accept}`,
    cause,
  });
}

function idsOf(keys: readonly PublicKey[]): string {
  return quoted(keys.map(({ keyId }) => keyId));
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
