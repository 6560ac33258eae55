import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** The size of an Ed25519 public key (RFC 8032, section 5.1.5). */
export const KEY_BYTES = 32;
/** The size of an Ed25519 signature (RFC 8032, section 5.1.6). */
export const SIGNATURE_BYTES = 64;

/** The field's prime and the order of the base point (RFC 8032, section 5.1). */
const FIELD_PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The y coordinates of the eight points whose order divides 8; the sign of x makes no difference. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** SubjectPublicKeyInfo of an Ed25519 key up to its bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Why 32 bytes are refused as a point of the curve; null when they are accepted. A point of small order verifies signatures
 * that nobody made, and a second encoding of one point gives one signature two forms; not every crypto library refuses them.
 */
export function pointProblem(bytes: Uint8Array): string | null {
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  if (y >= FIELD_PRIME) return "not in canonical form";
  return SMALL_ORDER_Y.has(y) ? "a point of small order" : null;
}

/** Why 64 bytes cannot be a signature by any key; null when they can. */
function signatureProblem(signature: Uint8Array): string | null {
  const point = pointProblem(signature.subarray(0, KEY_BYTES));
  if (point !== null) return `its first half is ${point}`;
  // A verifier that does not check this accepts S + L wherever it accepts S (RFC 8032, section 5.1.7).
  return littleEndian(signature.subarray(KEY_BYTES)) >= GROUP_ORDER ? "its second half is not in canonical form" : null;
}

/**
 * Why `signature` is not strictly valid for `message` under a key of 32 bytes; null when it is.
 *
 * @see RFC 8032, section 5.1.7
 */
export function ed25519Problem(key: Uint8Array, message: Uint8Array, signature: Uint8Array): string | null {
  const problem = pointProblem(key) === null ? signatureProblem(signature) : "no signature can be made with its key";
  if (problem !== null) return problem;
  return verify(null, message, keyObject(key), signature) ? null : "it does not verify";
}

/** Most signatures of a run are by one key, and making its object takes half as long as verifying. */
let latest: { readonly bytes: Buffer; readonly object: KeyObject } | null = null;

function keyObject(key: Uint8Array): KeyObject {
  if (latest?.bytes.equals(key) === true) return latest.object;
  const bytes = Buffer.from(key);
  const object = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: "der", type: "spki" });
  latest = { bytes, object };
  return object;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}
