import { PkgError } from "../errors.ts";
import type { PublicKey } from "../package/public-key.ts";
import { type MinisignSignature, parseSignature, type Verified, verifySignature } from "./minisign.ts";

/** Enough for every key of two key sets. */
const MAX_SIGNATURES = 32;
const LINES = 4;

/** More than the largest allowed number of signatures needs. */
export const MAX_SIGNATURE_LIST_BYTES = 64 * 1024;

/**
 * Parses a file of up to 32 signatures, four lines each, as strictly as a file with one.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 */
export function parseSignatures(bytes: Uint8Array, task: string): readonly MinisignSignature[] {
  const blocks = splitBlocks(Buffer.from(bytes));
  if (blocks.length <= MAX_SIGNATURES) return blocks.map((block) => parseSignature(block, task));
  throw new PkgError(
    "SIGNATURE_INVALID",
    `Cannot ${task}: its signature file has more than ${MAX_SIGNATURES} signatures`,
  );
}

/** Blocks of four lines; at least one, which may be empty, and at most one too many. */
function splitBlocks(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  let start = 0;
  while (blocks.length <= MAX_SIGNATURES && (start < bytes.length || start === 0)) {
    let end = start;
    for (let line = 0; line < LINES && end < bytes.length; line += 1) end = lineEnd(bytes, end);
    blocks.push(bytes.subarray(start, end));
    if (end === start) break;
    start = end;
  }
  return blocks;
}

/** The position after the newline that ends the line, or the end of the bytes. */
function lineEnd(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf("\n", start);
  return newline === -1 ? bytes.length : newline + 1;
}

/** Signatures, and what they are checked against. */
export interface FindSignersRequest {
  readonly signatures: readonly MinisignSignature[];
  /** Whose signatures count. */
  readonly keys: readonly PublicKey[];
  /** Hex, of the signed content. */
  readonly blake2b512: string;
  /** The file names that the trusted comment may give; null: any. */
  readonly fileNames: readonly string[] | null;
  /** The task that fails when a signature is wrong, e.g. `sync`: the message begins "Cannot sync". */
  readonly task: string;
}

/**
 * The ids of the `keys` that have signed, each key once, however often it signed. Signatures by other keys are ignored; a
 * signature that names one of these keys but was not made by it is refused.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 */
export function findSigners(request: FindSignersRequest): readonly string[] {
  return [...verifiedByKey(request).values()].flatMap(([first]) => (first === undefined ? [] : [first.keyId]));
}

/** What each of the keys has signed. The maker of a key chooses its id, so keys are compared by their bytes. */
function verifiedByKey(request: FindSignersRequest): ReadonlyMap<string, readonly Verified[]> {
  const { signatures, keys, blake2b512, fileNames, task } = request;
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  const verified = signatures.flatMap((signature) => {
    const key = byId.get(signature.keyId);
    if (key === undefined) return [];
    const found = verifySignature({ signature, keys: [key], content: { blake2b512 }, allowLegacy: false, task });
    if (fileNames !== null) checkFileName(found.fileName, fileNames, task);
    return [{ ...found, keyId: key.keyId, key: key.bytes.toString("hex") }];
  });
  return Map.groupBy(verified, ({ key }) => key);
}

/**
 * The time at which a document had as many signatures as are needed, ms since the epoch, as they state it: keys that are
 * too few cannot make an older document look newer. Null when too few of them state a time.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 */
export function signedAt(document: SignedDocument, { keys, needed, task }: SignersNeeded): number | null {
  const signatures = parseSignatures(document.signatures, task);
  const newest = [...verifiedByKey({ ...document, signatures, keys, task }).values()].flatMap((ofKey) => {
    const times = ofKey.flatMap(({ signedAtMs }) => signedAtMs ?? []);
    return times.toSorted((a, b) => b - a).slice(0, 1);
  });
  return newest.toSorted((a, b) => b - a)[needed - 1] ?? null;
}

function checkFileName(found: string | null, expected: readonly string[], task: string): void {
  if (found !== null && expected.includes(found)) return;
  const names = expected.map((name) => `"${name}"`).join(" or ");
  throw new PkgError(
    "SIGNATURE_INVALID",
    `Cannot ${task}: the trusted comment of its signature names ${found === null ? "no file" : `"${found}"`}, expected ${names}`,
    { hint: "The signature of another file was put in its place; tell the publisher" },
  );
}

/** A document and the bytes of its signature file. */
export interface SignedDocument {
  /** Hex. */
  readonly blake2b512: string;
  readonly signatures: Uint8Array;
  /** The file names that its signatures may give; null: any. */
  readonly fileNames: readonly string[] | null;
}

/** Which keys have to sign, and how many of them. */
export interface SignersNeeded {
  readonly keys: readonly PublicKey[];
  /** How many of them. */
  readonly needed: number;
  /** Whose keys they are, for the message. */
  readonly whose: string;
  /** What to do when only other keys have signed. */
  readonly hint: string;
  readonly task: string;
}

/**
 * The ids of the `keys` that have signed, if they are enough.
 *
 * @throws {PkgError} SIGNATURE_INVALID; SIGNATURE_UNTRUSTED when none of them has signed; SIGNATURE_MISSING when too few have
 */
export function requireSigners(document: SignedDocument, request: SignersNeeded): readonly string[] {
  const { keys, needed, whose, hint, task } = request;
  const signatures = parseSignatures(document.signatures, task);
  const signers = findSigners({ ...document, signatures, keys, task });
  if (signers.length >= needed) return signers;
  if (signers.length > 0) {
    throw new PkgError(
      "SIGNATURE_MISSING",
      `Cannot ${task}: its index is signed by ${signers.length} of ${whose} (${quoted(signers)}), expected ${needed}`,
      { hint: "Tell the publisher" },
    );
  }
  const found = quoted([...new Set(signatures.map(({ keyId }) => keyId))]);
  const expected = quoted(keys.map(({ keyId }) => keyId));
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot ${task}: its index is signed by ${found}, expected ${needed} of ${whose}: ${expected}`,
    { hint },
  );
}

/** Words as messages list them: `"a", "b"`. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
