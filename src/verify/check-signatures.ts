import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { CHECKSUM_TITLE, signatureTitle } from "../package/file-names.ts";
import { isActive, isMade, type Policy } from "../package/policy.ts";
import type { FetchedPackage, RecordedArchive } from "./fetched-package.ts";
import { hashOf } from "./hash-of.ts";
import { parseFirstSignature, type SignedContent } from "./minisign.ts";
import { verifyFile } from "./signed-file.ts";

/** A file and its signatures. */
export interface CheckedFile {
  readonly title: string;
  readonly signature: Buffer | null;
  readonly content: () => SignedContent;
  /** Set where its bytes are gone, and its signature was verified once. */
  readonly recorded?: RecordedArchive;
}

/**
 * Verifies the signature of each program, and of CHECKSUM if that is used: it must be by one of the policy's keys and for the
 * file's name. Gives the key id of the main program's signature when all files are signed, else null.
 *
 * @throws {PkgError} SIGNATURE_MISSING when a signature is required and absent; SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function checkSignatures(fetched: FetchedPackage, policy: Policy): string | null {
  if (!isMade(policy, "signature")) return null;
  const keyIds = signedFiles(fetched, policy).map((file) => checkSignedFile(fetched.name, file, policy));
  return keyIds.includes(null) ? null : (keyIds[0] ?? null);
}

/** The main program comes first. */
function signedFiles(fetched: FetchedPackage, policy: Policy): readonly CheckedFile[] {
  const programs = fetched.programs.map(({ title, signature, blob, recorded }) => ({
    ...(recorded === undefined ? {} : { recorded }),
    title,
    signature,
    content: () => ({ blake2b512: hashOf(blob, "blake2b512", title) }),
  }));
  const { checksum, checksumSignature } = fetched;
  if (checksum === null || !isMade(policy, "checksum")) return programs;
  const content = () => ({ blake2b512: hashHex("blake2b512", checksum), legacyBytes: checksum });
  return [...programs, { title: CHECKSUM_TITLE, signature: checksumSignature, content }];
}

/**
 * Verifies the signature of one file of package `name`, and that it is for the file's name; gives the key id. Null for a
 * file without a signature, if the policy does not require one.
 *
 * @throws {PkgError} as checkSignatures
 */
export function checkSignedFile(
  name: string,
  { title, signature, content, recorded }: CheckedFile,
  policy: Policy,
): string | null {
  const task = `pass the signature check of "${title}" in package "${name}"`;
  if (signature === null) {
    if (!isActive(policy, "signature")) return null;
    throw new PkgError("SIGNATURE_MISSING", `Cannot ${task}: found no file "${signatureTitle(title)}", expected one`, {
      hint: "Tell the publisher; `pkg install --insecure-skip=signature` skips this check",
    });
  }
  const { keys, allowLegacy } = policy;
  if (recorded !== undefined) return checkRecordedSigner(recorded, { signature, keys, task });
  return verifyFile({ title, signature, content: content() }, { keys, allowLegacy, task });
}

interface RecordedSignature {
  readonly signature: Buffer;
  readonly keys: Policy["keys"];
  readonly task: string;
}

/** The key that has signed it once has to be one of those that may sign now. @throws {PkgError} SIGNATURE_INVALID, SIGNATURE_UNTRUSTED */
function checkRecordedSigner({ signedBy }: RecordedArchive, { signature, keys, task }: RecordedSignature): string {
  const { keyId } = parseFirstSignature(signature, task);
  if (keyId === signedBy && keys.some((key) => key.keyId === keyId)) return keyId;
  throw new PkgError("SIGNATURE_UNTRUSTED", `Cannot ${task}: it was signed by ${keyId}, whose key is not trusted now`);
}
