import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { PkgError } from "../errors.ts";

/** A key that may sign a document: RSA, of at least 2,048 bits. */
export interface JwsKey {
  /** The name by which a signature says whose it is, such as `homebrew-1`. */
  readonly id: string;
  /** SPKI (RFC 5280, section 4.1), in base64. */
  readonly spki: string;
}

/** SHA-512. */
const DIGEST_BYTES = 64;
const MIN_KEY_BITS = 2048;

/**
 * Opens a signed document: JSON with the payload as a string, and signatures over that string as it stands (RFC 7797). Only
 * RSASSA-PSS with SHA-512 is accepted, whatever a signature says of itself.
 *
 * @param task of the caller, for messages that begin "Cannot TASK"
 * @returns the payload, which is signed by one of the keys
 * @throws {PkgError} INDEX_INVALID when it is no such document; SIGNATURE_MISSING, SIGNATURE_UNTRUSTED when no signature
 *   names one of the keys; SIGNATURE_INVALID; KEY_INVALID
 * @see RFC 7515, section 7.2.1; RFC 7518, section 3.5
 */
export function openJws(
  document: string | Uint8Array,
  { keys, task }: { keys: readonly JwsKey[]; task: string },
): string {
  return openSigned(document, { keys, task }).payload;
}

/** A payload, and the id of the key that signed it. */
export interface OpenedJws {
  readonly payload: string;
  readonly keyId: string;
}

/** As openJws(), which it is for callers that do not care which of the keys it was. */
export function openSigned(
  document: string | Uint8Array,
  { keys, task }: { keys: readonly JwsKey[]; task: string },
): OpenedJws {
  const envelope = readEnvelope(document, task);
  const named = envelope.signatures.map(({ keyId }) => keyId);
  const signature = envelope.signatures.find(({ keyId }) => keys.some(({ id }) => id === keyId));
  const key = keys.find(({ id }) => id === signature?.keyId);
  if (signature === undefined || key === undefined) throw notBy(keys, named, task);
  const data = Buffer.from(`${signature.protectedText}.${envelope.payload}`);
  if (isSigned(data, signature.bytes, publicKeyOf(key, task))) return { payload: envelope.payload, keyId: key.id };
  throw invalid(task, `the signature by "${key.id}" was made for other bytes`);
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

interface Signature {
  /** As it is signed: base64url. */
  readonly protectedText: string;
  readonly keyId: string;
  readonly bytes: Buffer;
}

function readEnvelope(document: string | Uint8Array, task: string): Envelope {
  const failure = (cause: unknown) =>
    new PkgError("INDEX_INVALID", `Cannot ${task}: the document is not JSON`, { cause });
  const { payload, signatures } = asObject(parseJson(document, failure)) ?? {};
  if (typeof payload !== "string" || !Array.isArray(signatures)) {
    throw new PkgError(
      "INDEX_INVALID",
      `Cannot ${task}: the document has no "payload" and "signatures", as a signed one has`,
    );
  }
  return { payload, signatures: signatures.map((signature) => readSignature(asObject(signature) ?? {}, task)) };
}

function readSignature({ protected: text, header, signature }: JsonObject, task: string): Signature {
  const bytes = typeof signature === "string" ? decode(signature) : null;
  const keyId = asObject(header)?.["kid"];
  if (typeof text !== "string" || typeof keyId !== "string" || bytes === null) {
    throw invalid(task, 'a signature lacks "protected", "header.kid" or "signature", or one is not base64url');
  }
  checkProtected(text, task);
  return { protectedText: text, keyId, bytes };
}

/** What the signature says of itself has to be the one thing that is done here. */
function checkProtected(text: string, task: string): void {
  const failure = (cause: unknown) => invalid(task, "a signature's protected header is not JSON in base64url", cause);
  const bytes = decode(text);
  if (bytes === null) throw failure(undefined);
  const { alg, b64, crit, ...others } = asObject(parseJson(bytes, failure)) ?? {};
  const isCritical = crit === undefined || JSON.stringify(crit) === '["b64"]';
  if (alg === "PS512" && b64 === false && isCritical && Object.keys(others).length === 0) return;
  const found = JSON.stringify({ alg, b64, crit, ...others });
  throw invalid(
    task,
    `a signature's protected header is ${found}, expected {"alg":"PS512","b64":false,"crit":["b64"]}`,
  );
}

/** Canonical base64url without padding (RFC 4648, section 5; RFC 7515, section 2); null for anything else. */
function decode(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

function publicKeyOf({ id, spki }: JwsKey, task: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType === "rsa" && bits >= MIN_KEY_BITS) return key;
  } catch (cause) {
    throw badKey(id, task, cause);
  }
  throw badKey(id, task);
}

function badKey(id: string, task: string, cause?: unknown): PkgError {
  const what = `the key "${id}" is not an RSA key of at least ${MIN_KEY_BITS} bits, as SPKI in base64`;
  return new PkgError("KEY_INVALID", `Cannot ${task}: ${what}`, { cause });
}

function isSigned(data: Buffer, signature: Buffer, key: KeyObject): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify("sha512", data, { key, padding, saltLength: DIGEST_BYTES }, signature);
}

function notBy(keys: readonly JwsKey[], named: readonly string[], task: string): PkgError {
  if (named.length === 0) return new PkgError("SIGNATURE_MISSING", `Cannot ${task}: the document has no signature`);
  const [expected, found] = [keys.map(({ id }) => id), named].map((ids) => ids.map((id) => `"${id}"`).join(", "));
  return new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot ${task}: the document is signed by ${found}, expected ${expected}`,
  );
}

function invalid(task: string, what: string, cause?: unknown): PkgError {
  return new PkgError("SIGNATURE_INVALID", `Cannot ${task}: ${what}`, { cause });
}
