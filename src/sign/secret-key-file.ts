import { blake2b256 } from "../base/hashes.ts";
import { KEY_ID_BYTES, MAX_UNTRUSTED_LINE_BYTES } from "../base/minisign-format.ts";
import { PkgError } from "../errors.ts";
import { type ScryptLimits, stretch } from "./scrypt.ts";
import { SEED_BYTES, type SecretKey, secretKeyOf, seedOf } from "./secret-key.ts";

/** A well-formed secret key file. */
export type SecretKeyFile =
  | { readonly kind: "open"; readonly name: string; readonly key: SecretKey }
  | {
      readonly kind: "locked";
      readonly name: string;
      readonly salt: Buffer;
      readonly limits: ScryptLimits;
      readonly sealed: Buffer;
    };

/** A secret key that a passphrase protects. */
export type LockedSecretKey = Extract<SecretKeyFile, { readonly kind: "locked" }>;

/** What a secret key file is locked with. */
export interface Lock {
  readonly passphrase: string;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  readonly limits: ScryptLimits;
}

const SIGNATURE_ALGORITHM = "Ed";
const SCRYPT = "Sc";
const NOT_LOCKED = "\0\0";
const BLAKE2B = "B2";
/** The size of the salt in a secret key file. */
export const SALT_BYTES = 32;
const LIMIT_BYTES = 8;
const CHECKSUM_BYTES = 32;
const PUBLIC_KEY_BYTES = 32;
/** The three algorithms, the salt and the two limits. */
const HEAD_BYTES = 6 + SALT_BYTES + 2 * LIMIT_BYTES;
/** Key id, seed, public key and checksum: what is locked. */
const BODY_BYTES = KEY_ID_BYTES + SEED_BYTES + PUBLIC_KEY_BYTES + CHECKSUM_BYTES;
const FILE_BYTES = HEAD_BYTES + BODY_BYTES;
const PUBLIC_FILE_BYTES = 2 + KEY_ID_BYTES + PUBLIC_KEY_BYTES;

const COMMENT_PREFIX = "untrusted comment: ";

/**
 * Parses a secret key file: a comment, then the base64 of 158 bytes. Errors never quote its content.
 *
 * @param name what messages call the key
 * @throws {PkgError} KEY_INVALID
 * @see minisign, "Secret key format"
 */
export function parseSecretKeyFile(bytes: Uint8Array, name: string): SecretKeyFile {
  const content = decodeLines(Buffer.from(bytes).toString("latin1"), name);
  const head = content.toString("latin1", 0, 6);
  const [algorithm, lock, checksum] = [head.slice(0, 2), head.slice(2, 4), head.slice(4, 6)];
  if (algorithm !== SIGNATURE_ALGORITHM) throw invalid(name, `its algorithm is not "${SIGNATURE_ALGORITHM}"`);
  if (checksum !== BLAKE2B) throw invalid(name, `its checksum is not "${BLAKE2B}"`);
  const body = content.subarray(HEAD_BYTES);
  if (lock === NOT_LOCKED) return { kind: "open", name, key: openBody(body, name) };
  if (lock !== SCRYPT) throw invalid(name, `it is locked by something other than "${SCRYPT}"`);
  const limitsAt = 6 + SALT_BYTES;
  const limits = {
    opslimit: content.readBigUInt64LE(limitsAt),
    memlimit: content.readBigUInt64LE(limitsAt + LIMIT_BYTES),
  };
  return { kind: "locked", name, salt: content.subarray(6, limitsAt), limits, sealed: body };
}

function decodeLines(text: string, name: string): Buffer {
  const [comment = "", line, ...rest] = text.replace(/\n$/, "").split("\n");
  if (line === undefined || rest.length > 0) throw invalid(name, "it is not two lines");
  if (!comment.startsWith(COMMENT_PREFIX))
    throw invalid(name, `its first line does not begin with "${COMMENT_PREFIX}"`);
  if (comment.length > MAX_UNTRUSTED_LINE_BYTES)
    throw invalid(name, `its first line is over ${MAX_UNTRUSTED_LINE_BYTES} bytes`);
  // C programs end a line at a NUL or strip a carriage return, and would read a different file than we do.
  if (/[\0\r]/.test(comment)) throw invalid(name, "its first line holds a NUL or a carriage return");
  const content = Buffer.from(line, "base64");
  // Node skips what is not base64: only the spelling that the bytes encode to is accepted.
  if (content.length === FILE_BYTES && content.toString("base64") === line) return content;
  const isPublic = content.length === PUBLIC_FILE_BYTES && line.startsWith("RW");
  throw invalid(name, isPublic ? "it is a public key" : `its second line is not the base64 of ${FILE_BYTES} bytes`);
}

/**
 * Unlocks a key with its passphrase. This takes as much memory and time as the file asks for: up to 1 GiB and a few seconds.
 *
 * @throws {PkgError} KEY_LOCKED for a wrong passphrase, KEY_INVALID for a file that asks for more
 */
export async function unlockSecretKey(file: LockedSecretKey, passphrase: string): Promise<SecretKey> {
  const { name, salt, limits, sealed } = file;
  const body = await seal(sealed, { passphrase, salt, limits });
  if (body === null) throw invalid(name, "unlocking it would take more memory or work than minisign asks for");
  if (!hasChecksum(body)) {
    throw new PkgError("KEY_LOCKED", `Cannot unlock secret key "${name}": the passphrase is wrong`, {
      hint: "Run the command again with the passphrase of the key; without it, the key is lost",
    });
  }
  return openBody(body, name);
}

/** The two lines of a secret key file. With `lock` null the key is not locked: anyone who can read the file can use it. */
export async function encodeSecretKeyFile(key: SecretKey, lock: Lock | null): Promise<string> {
  const body = Buffer.concat([key.id, seedOf(key), key.publicKey]);
  const checked = Buffer.concat([body, checksumOf(body)]);
  const sealed = lock === null ? checked : await seal(checked, lock);
  if (sealed === null) throw new Error("a key cannot be locked with these limits");
  const words = `${SIGNATURE_ALGORITHM}${lock === null ? NOT_LOCKED : SCRYPT}${BLAKE2B}`;
  const head = Buffer.concat([Buffer.from(words), lock?.salt ?? Buffer.alloc(SALT_BYTES), limitBytes(lock)]);
  const kind = lock === null ? "secret key" : "encrypted secret key";
  return `${COMMENT_PREFIX}minisign ${kind}\n${Buffer.concat([head, sealed]).toString("base64")}\n`;
}

function limitBytes(lock: Lock | null): Buffer {
  const bytes = Buffer.alloc(2 * LIMIT_BYTES);
  bytes.writeBigUInt64LE(lock?.limits.opslimit ?? 0n, 0);
  bytes.writeBigUInt64LE(lock?.limits.memlimit ?? 0n, LIMIT_BYTES);
  return bytes;
}

/** Locks or unlocks, which is the same: the bytes XORed with those derived from the passphrase. Null for excessive limits. */
async function seal(body: Uint8Array, { passphrase, salt, limits }: Lock): Promise<Buffer | null> {
  const stream = await stretch({ passphrase, salt, limits, length: BODY_BYTES });
  return stream === null ? null : Buffer.from(stream.map((byte, at) => byte ^ (body[at] ?? 0)));
}

function openBody(body: Buffer, name: string): SecretKey {
  const seedEnd = KEY_ID_BYTES + SEED_BYTES;
  // minisign 0.11 leaves the checksum empty in a key that was never locked.
  const isEmpty = body.subarray(-CHECKSUM_BYTES).every((byte) => byte === 0);
  if (!isEmpty && !hasChecksum(body)) throw invalid(name, "its checksum is wrong");
  const key = secretKeyOf(body.subarray(0, KEY_ID_BYTES), body.subarray(KEY_ID_BYTES, seedEnd));
  // A signature made with a public half that does not match would reveal the secret half.
  if (key.publicKey.equals(body.subarray(seedEnd, -CHECKSUM_BYTES))) return key;
  throw invalid(name, "its two halves do not belong together");
}

function hasChecksum(body: Buffer): boolean {
  return checksumOf(body.subarray(0, -CHECKSUM_BYTES)).equals(body.subarray(-CHECKSUM_BYTES));
}

/** Over the algorithm, key id, seed and public key. */
function checksumOf(body: Uint8Array): Buffer {
  return blake2b256(Buffer.concat([Buffer.from(SIGNATURE_ALGORITHM), body]));
}

function invalid(name: string, problem: string): PkgError {
  return new PkgError("KEY_INVALID", `Cannot use secret key "${name}": ${problem}`, {
    hint: "A minisign secret key file has two lines; take it from a copy, or make a key with `pkg key generate`",
  });
}
