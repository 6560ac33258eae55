import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { keySetText, type SignedKeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import { type CheckedKeySet, checkKeySets, checkSuccession } from "../verify/key-sets.ts";
import { parseSignature } from "../verify/minisign.ts";
import { findSigners, parseSignatures } from "../verify/signature-list.ts";
import { keySetFileName } from "./decide-key-sets.ts";
import type { IndexFile } from "./index-file.ts";

/**
 * Checks that each key set of an index may follow the one before it; gives the last, which is in force.
 *
 * @throws {PkgError} INDEX_INVALID
 */
export function checkKeySetChain({ repository, keySets }: IndexHeader, task: string): CheckedKeySet {
  const sets = checkKeySets(keySets, task);
  for (const [position, next] of sets.entries()) {
    checkSuccession(repository, { previous: sets[position - 1] ?? null, next }, (problem, cause) => {
      return new PkgError("INDEX_INVALID", `Cannot ${task}: ${problem}`, { cause });
    });
  }
  const inForce = sets.at(-1);
  if (inForce === undefined) throw new Error("the schema requires a key set");
  return inForce;
}

/**
 * The ids of the `keys` that have signed an index.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 */
export function indexSigners(
  { bytes, signatures }: IndexFile,
  keys: readonly PublicKey[],
  task: string,
): readonly string[] {
  if (signatures === null || signatures.length === 0) return [];
  const parsed = parseSignatures(signatures, task);
  const blake2b512 = hashHex("blake2b512", bytes);
  return findSigners({ signatures: parsed, keys, blake2b512, fileNames: INDEX_FILE_NAMES, task });
}

/** The ids of the `keys` that have signed a key set whose signatures were checked before. */
function keySetSigners(repository: string, set: SignedKeySet, keys: readonly PublicKey[]): readonly string[] {
  const task = `use key set ${set.version}`;
  return findSigners({
    signatures: set.signatures.map((text) => parseSignature(Buffer.from(text), task)),
    keys,
    blake2b512: hashHex("blake2b512", Buffer.from(keySetText(repository, set))),
    fileNames: [keySetFileName(set)],
    task,
  });
}

/**
 * Checks that enough keys of the set in force have signed an index; gives the ids of those that have.
 *
 * @throws {PkgError} SIGNATURE_MISSING, SIGNATURE_INVALID
 */
export function requireThreshold(
  file: IndexFile,
  inForce: CheckedKeySet,
  { task, hint }: { readonly task: string; readonly hint: string },
): readonly string[] {
  const signers = indexSigners(file, inForce.publicKeys, task);
  if (signers.length >= inForce.threshold) return signers;
  const missing = inForce.publicKeys.map(({ keyId }) => keyId).filter((keyId) => !signers.includes(keyId));
  throw new PkgError(
    "SIGNATURE_MISSING",
    `Cannot ${task}: it is signed by ${signers.length} of the keys of set ${inForce.version}, expected ${inForce.threshold}`,
    { hint: `${hint}; these keys have not signed: ${missing.join(", ")}` },
  );
}

/**
 * Checks that the next index may be built on this one: its entries are copied without being read, and signed again. So one of the
 * builder's own keys must have signed it, or a key set that leads to the keys that did.
 *
 * @throws {PkgError} KEY_MISSING, SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED, INDEX_INVALID
 */
export function requireOwnWork(file: IndexFile, header: IndexHeader, own: readonly PublicKey[]): void {
  const task = `build on "${file.source}"`;
  const inForce = checkKeySetChain(header, task);
  if (own.length === 0) {
    throw new PkgError("KEY_MISSING", `Cannot ${task}: without a key of yours, nothing shows that it is yours`, {
      hint: "Name your key with --key, or those that you trust with --trust",
    });
  }
  if (indexSigners(file, own, task).length > 0) return;
  const hint = "Build on an index that enough keys have signed";
  requireThreshold(file, inForce, { task, hint });
  if (header.keySets.some((set) => keySetSigners(header.repository, set, own).length > 0)) return;
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot ${task}: neither it nor any of its key sets is signed by a key of yours: ${own.map(({ keyId }) => keyId).join(", ")}`,
    { hint: "Somebody else may have put it there; if its keys are the right ones, name them with --trust" },
  );
}
