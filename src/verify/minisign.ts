import { formatCount } from "../base/age.ts";
import { byteCount } from "../base/format-bytes.ts";
import {
  KEY_ID_BYTES,
  MAX_MINISIGN_FILE_BYTES,
  MAX_TRUSTED_LINE_BYTES,
  MAX_UNTRUSTED_LINE_BYTES,
} from "../base/minisign-format.ts";
import { PkgError } from "../errors.ts";
import type { PublicKey } from "../package/public-key.ts";
import { decodeBase64 } from "./base64.ts";
import { ed25519Problem, KEY_BYTES, pointProblem, SIGNATURE_BYTES } from "./ed25519.ts";
import { readTrustedComment } from "./trusted-comment.ts";

/** A well-formed signature file; nothing in it is verified yet. */
export interface MinisignSignature {
  /** `ED` signs the BLAKE2b-512 of the content, legacy `Ed` the content itself. */
  readonly algorithm: "ED" | "Ed";
  readonly keyId: string;
  readonly signature: Buffer;
  /** The bytes in the file; they are read as text only after the global signature over them has been verified. */
  readonly trustedComment: Buffer;
  readonly globalSignature: Buffer;
}

/** The content that a signature is checked against. */
export interface SignedContent {
  /** Hex of the whole content. */
  readonly blake2b512: string;
  /** The content itself, for legacy signatures. */
  readonly legacyBytes?: Uint8Array;
}

/** A signature to verify. */
export interface VerifyRequest {
  readonly signature: MinisignSignature;
  readonly keys: readonly PublicKey[];
  readonly content: SignedContent;
  readonly allowLegacy: boolean;
  /** The task that fails when it does not verify, e.g. `sync`: the message begins "Cannot sync". */
  readonly task?: string;
}

/** A signature that was verified. */
export interface Verified {
  readonly keyId: string;
  readonly trustedComment: string;
  /** From `file:NAME` in the trusted comment; null when it names none. */
  readonly fileName: string | null;
  /** From `timestamp:SECONDS` in the trusted comment, in ms since the epoch; null when it states no time. */
  readonly signedAtMs: number | null;
}

const ALGORITHM_BYTES = 2;
const HEAD_BYTES = ALGORITHM_BYTES + KEY_ID_BYTES;
const UNTRUSTED_PREFIX = "untrusted comment: ";
const TRUSTED_PREFIX = "trusted comment: ";
const NEWLINE = 0x0a;
const SIGNATURE_LINES = 4;

const DEFAULT_TASK = "accept the signature";

/**
 * Parses a public key: the base64 line alone, or a file of two lines.
 *
 * @throws {PkgError} KEY_INVALID, also for keys under which anyone could sign
 * @see minisign, "Public key format"
 */
export function parsePublicKey(text: string): PublicKey {
  if (text.length > MAX_MINISIGN_FILE_BYTES) throw badKey(`it has ${text.length} characters`);
  const base64 = keyLine(text);
  const bytes = decodeBase64(base64, HEAD_BYTES + KEY_BYTES);
  if (bytes === null) throw badKey(`"${base64.slice(0, 80)}" is not the base64 of ${HEAD_BYTES + KEY_BYTES} bytes`);
  const algorithm = algorithmOf(bytes);
  if (algorithm !== "Ed") throw badKey(`its algorithm is "${algorithm}", expected "Ed"`);
  const key = bytes.subarray(HEAD_BYTES);
  const problem = pointProblem(key);
  if (problem !== null) throw badKey(`it is ${problem}`);
  return { keyId: keyIdOf(bytes), bytes: key, text: base64 };
}

function keyLine(text: string): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const [first = "", second, ...rest] = lines;
  if (second === undefined) return first;
  if (rest.length > 0) throw badKey(`it has ${lines.length} lines, expected at most 2`);
  const problem = commentProblem(Buffer.from(first), UNTRUSTED_PREFIX, MAX_UNTRUSTED_LINE_BYTES);
  if (problem !== null) throw badKey(`its first line ${problem}`);
  return second;
}

/**
 * Parses the four lines of a `.sig` file: prefixes and sizes, canonical base64 and exact lengths, algorithm.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 * @see minisign, "Signature format"
 */
export function parseSignature(bytes: Uint8Array, task: string = DEFAULT_TASK): MinisignSignature {
  if (bytes.length > MAX_MINISIGN_FILE_BYTES) {
    throw invalid(task, `it has ${byteCount(bytes.length)}, expected at most ${MAX_MINISIGN_FILE_BYTES}`);
  }
  const [untrusted, signatureLine, trusted, globalLine] = signatureLines(Buffer.from(bytes), task);
  checkComment(task, "first", commentProblem(untrusted, UNTRUSTED_PREFIX, MAX_UNTRUSTED_LINE_BYTES));
  checkComment(task, "third", commentProblem(trusted, TRUSTED_PREFIX, MAX_TRUSTED_LINE_BYTES));
  const head = decodeLine(task, "second", signatureLine, HEAD_BYTES + SIGNATURE_BYTES);
  const globalSignature = decodeLine(task, "fourth", globalLine, SIGNATURE_BYTES);
  const algorithm = algorithmOf(head);
  if (algorithm !== "ED" && algorithm !== "Ed") {
    throw invalid(task, `its algorithm is "${algorithm}", expected "ED"`);
  }
  return {
    algorithm,
    keyId: keyIdOf(head),
    signature: head.subarray(HEAD_BYTES),
    trustedComment: trusted.subarray(TRUSTED_PREFIX.length),
    globalSignature,
  };
}

/**
 * Parses the first signature of a `.sig` file, the only one that minisign reads: whatever follows its four lines is ignored.
 *
 * @throws {PkgError} SIGNATURE_INVALID
 */
export function parseFirstSignature(bytes: Uint8Array, task: string = DEFAULT_TASK): MinisignSignature {
  if (bytes.length > MAX_MINISIGN_FILE_BYTES) return parseSignature(bytes, task);
  const lines = splitLines(Buffer.from(bytes));
  const length = lines.slice(0, SIGNATURE_LINES).reduce((sum, line) => sum + line.length + 1, 0);
  return parseSignature(bytes.subarray(0, length), task);
}

function signatureLines(bytes: Buffer, task: string): readonly [Buffer, Buffer, Buffer, Buffer] {
  const lines = splitLines(bytes);
  const [untrusted, signature, trusted, globalSignature] = lines;
  if (lines.length !== SIGNATURE_LINES || !untrusted || !signature || !trusted || !globalSignature) {
    throw invalid(task, `it has ${formatCount(lines.length, "line")}, expected ${SIGNATURE_LINES}`);
  }
  return [untrusted, signature, trusted, globalSignature];
}

/** The lines as bytes; one newline at the end closes the last line. */
function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return start < bytes.length ? [...lines, bytes.subarray(start)] : lines;
}

function commentProblem(line: Buffer, prefix: string, maxBytes: number): string | null {
  if (line.length > maxBytes) return `has ${byteCount(line.length)}, expected at most ${maxBytes}`;
  if (!line.toString("latin1").startsWith(prefix)) return `does not begin with "${prefix}"`;
  // C programs end a line at a NUL or strip a carriage return, and would read a different comment than we do.
  return line.includes(0) || line.includes(0x0d) ? "holds a NUL or a carriage return" : null;
}

function checkComment(task: string, which: string, problem: string | null): void {
  if (problem !== null) throw invalid(task, `its ${which} line ${problem}`);
}

function decodeLine(task: string, which: string, line: Buffer, length: number): Buffer {
  const decoded = decodeBase64(line.toString("latin1"), length);
  if (decoded === null) throw invalid(task, `its ${which} line is not the base64 of ${byteCount(length)}`);
  return decoded;
}

/**
 * Verifies a signature with the key of `keys` that has its id. The checks follow the order of minisign's format: algorithm, key
 * id, signature of the content, global signature; only then is the trusted comment read.
 *
 * @throws {PkgError} SIGNATURE_UNTRUSTED when no key has the id; SIGNATURE_INVALID
 */
export function verifySignature(request: VerifyRequest): Verified {
  const { signature, task = DEFAULT_TASK } = request;
  const message = signedMessage(request, task);
  const key = keyOf(request, task);
  const problem = ed25519Problem(key.bytes, message, signature.signature);
  if (problem !== null) throw invalid(task, `it was not made for this content by key "${key.keyId}": ${problem}`);
  return verifyMaker(request);
}

/**
 * Verifies who made a signature and its trusted comment, when the content is not at hand: that it is a signature of this content
 * is not checked.
 *
 * @throws {PkgError} SIGNATURE_UNTRUSTED when no key has the id; SIGNATURE_INVALID
 */
export function verifyMaker(request: Pick<VerifyRequest, "signature" | "keys" | "task">): Verified {
  const { signature, task = DEFAULT_TASK } = request;
  const key = keyOf(request, task);
  const signed = Buffer.concat([signature.signature, signature.trustedComment]);
  const globalProblem = ed25519Problem(key.bytes, signed, signature.globalSignature);
  if (globalProblem !== null) {
    throw invalid(task, `its trusted comment is not the one that was signed: ${globalProblem}`);
  }
  const comment = readTrustedComment(signature.trustedComment);
  if (comment.kind === "unusable") throw invalid(task, comment.problem);
  const { text, fileName, signedAtMs } = comment;
  return { keyId: key.keyId, trustedComment: text, fileName, signedAtMs };
}

function keyOf({ signature, keys }: Pick<VerifyRequest, "signature" | "keys">, task: string): PublicKey {
  const key = keys.find(({ keyId }) => keyId === signature.keyId);
  if (key === undefined) throw untrusted(task, signature.keyId, keys);
  return key;
}

function signedMessage({ signature, content, allowLegacy }: VerifyRequest, task: string): Uint8Array {
  if (signature.algorithm === "ED") return contentHash(content.blake2b512);
  if (!allowLegacy) {
    throw invalid(task, `it is of the legacy form "Ed", expected "ED"`, LEGACY_HINT);
  }
  if (content.legacyBytes !== undefined) return content.legacyBytes;
  throw invalid(task, `it is of the legacy form "Ed", which cannot be checked for content of this size`, LEGACY_HINT);
}

const LEGACY_HINT = "The publisher can sign again with a current minisign, which hashes the content first";

function contentHash(hex: string): Buffer {
  const hash = Buffer.from(hex, "hex");
  if (hash.length !== 64 || hex.length !== 128) throw new Error("content to verify has no BLAKE2b-512");
  return hash;
}

function algorithmOf(bytes: Buffer): string {
  return bytes.toString("latin1", 0, ALGORITHM_BYTES);
}

/** minisign prints the id as a little-endian number. */
function keyIdOf(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(ALGORITHM_BYTES, HEAD_BYTES)).reverse().toString("hex").toUpperCase();
}

function badKey(problem: string): PkgError {
  return new PkgError("KEY_INVALID", `Cannot use public key: ${problem}`, {
    hint: 'A minisign public key is 56 characters that begin with "RW"',
  });
}

function invalid(task: string, problem: string, hint?: string): PkgError {
  return new PkgError("SIGNATURE_INVALID", `Cannot ${task}: ${problem}`, hint === undefined ? {} : { hint });
}

function untrusted(task: string, keyId: string, keys: readonly PublicKey[]): PkgError {
  const expected = keys.length === 0 ? "none is configured" : keys.map((key) => `"${key.keyId}"`).join(" or ");
  return new PkgError("SIGNATURE_UNTRUSTED", `Cannot ${task}: its key is "${keyId}", expected ${expected}`, {
    hint: "If the repository has changed its key, take the new one from a source you trust and put it into the config",
  });
}
