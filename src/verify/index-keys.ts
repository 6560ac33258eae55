import { PkgError } from "../errors.ts";
import type { KeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import { type CheckedKeySet, checkSuccession, isSameKeySet, type RefuseKeySet } from "./key-sets.ts";
import { parsePublicKey } from "./minisign.ts";
import { quoted, requireSigners, type SignersNeeded } from "./signature-list.ts";
import type { GivenKeys, Pinning, TrustRequest } from "./trust-request.ts";

/**
 * Checks who may sign: follows the key sets from the one already trusted to the one in force.
 *
 * @throws {PkgError} INDEX_INVALID, KEYS_CHANGED
 */
export function judgeKeySets(
  { pinned, given, accepted, name, index, task }: TrustRequest,
  keySets: readonly CheckedKeySet[],
): Pinning {
  const { repository } = index.header;
  const invalid: RefuseKeySet = (problem, cause) =>
    new PkgError("INDEX_INVALID", `Cannot ${task}: ${problem}`, { cause });
  const follow = (from: number, refuse: RefuseKeySet) => {
    for (const [position, next] of keySets.entries()) {
      if (position >= from) checkSuccession(repository, { previous: keySets[position - 1] ?? null, next }, refuse);
    }
  };
  if (pinned === null || accepted !== null || isGivenAnew(pinned, given)) {
    follow(0, invalid);
    if (accepted === null) return given.keys.length > 0 ? "given" : "first use";
    checkAccepted(accepted, keySets.at(-1)?.publicKeys ?? [], task);
    return "accepted";
  }
  const refuse: RefuseKeySet = (problem, cause) => keysChanged(name, `${task}: ${problem}`, cause);
  checkPinned(pinned.keySet, keySets, refuse);
  follow(pinned.keySet.version, refuse);
  // Sets from before it was pinned show whose packages its packages are, so none of them may be made up.
  follow(0, invalid);
  return keySets.length === pinned.keySet.version ? "kept" : "rotated";
}

/** True when the config names other keys than when the repository was pinned: a person has decided again whom to trust. */
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
  const found = `${same.threshold} of ${idsOf(same.publicKeys)}`;
  const expected = `${pinned.threshold} of ${idsOf(pinned.keys.map(parsePublicKey))}`;
  const difference =
    found === expected ? "it has other keys under the same ids" : `expected ${expected}, found ${found}`;
  throw refuse(`its key set ${pinned.version} is not the pinned one: ${difference}`);
}

function checkAccepted(accepted: readonly PublicKey[], publicKeys: readonly PublicKey[], task: string): void {
  const expected = new Set(accepted.map(({ text }) => text));
  if (expected.size === publicKeys.length && publicKeys.every(({ text }) => expected.has(text))) return;
  throw keysChanged(
    null,
    `${task}: the keys that may sign its index are ${idsOf(publicKeys)}, and those you accept are ${idsOf(accepted)}`,
  );
}

/**
 * The ids of the keys of the set in force that have signed: at least as many as the set and the config ask for.
 *
 * @throws {PkgError} as requireSigners
 */
export function judgeSignatures(
  { given, index, task }: TrustRequest,
  { publicKeys, threshold, version }: CheckedKeySet,
  pinning: Pinning,
): readonly string[] {
  if (pinning === "given") requireSigners(index, givenSigners(given, task));
  const needed = Math.max(threshold, given.threshold);
  return requireSigners(index, {
    keys: publicKeys,
    needed,
    whose: `the keys of its set ${version}`,
    hint: "Somebody else may have signed it; tell the publisher",
    task,
  });
}

/** Which of the keys in the config, or of those that were typed, have to sign. */
export function givenSigners({ keys, threshold, areTyped = false }: GivenKeys, task: string): SignersNeeded {
  return {
    keys,
    needed: threshold,
    whose: areTyped ? "the keys given with --key" : "the keys in the config",
    hint: areTyped
      ? "Compare the key with what the publisher says, in a place that you trust, and give that one with --key"
      : "If the publisher has new keys, take them from a source you trust and put them into the config",
    task,
  };
}

/** The error for an index without keys from a repository whose keys are pinned. */
export function refuseKeyless(
  { name, repository, keySet }: Pick<TrustRecord, "name" | "repository" | "keySet">,
  task: string,
): PkgError {
  const keys = idsOf(keySet.keys.map(parsePublicKey));
  return keysChanged(name, `${task}: its index names no keys, and ${keys} of "${repository}" are pinned`);
}

function keysChanged(name: string | null, problem: string, cause?: PkgError): PkgError {
  const accept =
    name === null
      ? ""
      : `; once you have the new keys from the publisher, run \`pkg repo trust ${name} --accept-keys RW…\``;
  return new PkgError("KEYS_CHANGED", `Cannot ${problem}`, {
    hint: `Somebody may be impersonating the publisher: nothing was taken over${accept}`,
    cause,
  });
}

function idsOf(keys: readonly PublicKey[]): string {
  return quoted(keys.map(({ keyId }) => keyId));
}
