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
 * RSASSA-PSS with SHA-512 is accepted, whatever a signature says of itself. One that is good is enough: beside it may be those
 * of keys that are not known here, of other algorithms too, or of another key with the same name.
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
  const { payload, signatures } = readEnvelope(document, task);
  const problems: PkgError[] = [];
  for (const signature of signatures) {
    for (const key of keys.filter(({ id }) => id === signature.keyId)) {
      const problem = problemOf(signature, { payload, key, task });
      if (problem === null) return { payload, keyId: key.id };
      problems.push(problem);
    }
  }
  throw problems[0] ?? malformed(signatures, task) ?? notBy(keys, signatures, task);
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

/** What is missing, or not of its kind, is null. */
interface Signature {
  /** As it is signed: base64url. */
  readonly protectedText: string | null;
  readonly keyId: string | null;
  readonly bytes: Buffer | null;
}

/** A key that takes over from another one signs beside it: more than a few nobody needs, and each takes time to check. */
const MAX_SIGNATURES = 16;

function readEnvelope(document: string | Uint8Array, task: string): Envelope {
  const failure = (cause: unknown) =>
    new PkgError("INDEX_INVALID", `Cannot ${task}: the document is not JSON`, { cause });
  const { payload, signatures } = asObject(parseJson(document, failure)) ?? {};
  const refused = (what: string) => new PkgError("INDEX_INVALID", `Cannot ${task}: the document has ${what}`);
  if (typeof payload !== "string" || !Array.isArray(signatures))
    throw refused('no "payload" and "signatures", as a signed one has');
  if (signatures.length > MAX_SIGNATURES)
    throw refused(`${signatures.length} signatures, expected at most ${MAX_SIGNATURES}`);
  return { payload, signatures: signatures.map((signature) => readSignature(asObject(signature) ?? {})) };
}

function readSignature({ protected: text, header, signature }: JsonObject): Signature {
  const keyId = asObject(header)?.["kid"];
  return {
    protectedText: typeof text === "string" ? text : null,
    keyId: typeof keyId === "string" ? keyId : null,
    bytes: typeof signature === "string" ? decode(signature) : null,
  };
}

/** Why a signature that names a key does not count; null: it does. */
function problemOf(
  signature: Signature,
  { payload, key, task }: { readonly payload: string; readonly key: JwsKey; readonly task: string },
): PkgError | null {
  const { protectedText, bytes } = signature;
  if (protectedText === null || bytes === null) return incomplete(task);
  const problem = protectedProblem(protectedText, task);
  if (problem !== null) return problem;
  const publicKey = publicKeyOf(key);
  if (publicKey === null) return badKey(key, task);
  if (isSigned(Buffer.from(`${protectedText}.${payload}`), bytes, publicKey)) return null;
  return invalid(task, `the signature by "${key.id}" was made for other bytes`);
}

/** The error where any of them lacks something; null: none does. */
function malformed(signatures: readonly Signature[], task: string): PkgError | null {
  const isWhole = ({ protectedText, keyId, bytes }: Signature) =>
    protectedText !== null && keyId !== null && bytes !== null;
  return signatures.every(isWhole) ? null : incomplete(task);
}

function incomplete(task: string): PkgError {
  return invalid(task, 'a signature lacks "protected", "header.kid" or "signature", or one is not base64url');
}

/** What the signature says of itself has to be the one thing that is done here. */
function protectedProblem(text: string, task: string): PkgError | null {
  const bytes = decode(text);
  const header = bytes === null ? null : parsedOrNull(bytes);
  if (header === null) return invalid(task, "a signature's protected header is not JSON in base64url");
  const { alg, b64, crit, ...others } = header;
  const isCritical = crit === undefined || JSON.stringify(crit) === '["b64"]';
  if (alg === "PS512" && b64 === false && isCritical && Object.keys(others).length === 0) return null;
  const found = shown(JSON.stringify({ alg, b64, crit, ...others }));
  return invalid(
    task,
    `a signature's protected header is ${found}, expected {"alg":"PS512","b64":false,"crit":["b64"]}`,
  );
}

function parsedOrNull(bytes: Buffer): JsonObject | null {
  try {
    return asObject(parseJson(bytes, () => new SyntaxError("not JSON"), "refuse")) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Canonical base64url without padding (RFC 4648, section 5; RFC 7515, section 2); null for anything else. */
function decode(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

function publicKeyOf({ spki }: JwsKey): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === "rsa" && bits >= MIN_KEY_BITS ? key : null;
  } catch {
    return null;
  }
}

function badKey({ id }: JwsKey, task: string): PkgError {
  const what = `the key "${id}" is not an RSA key of at least ${MIN_KEY_BITS} bits, as SPKI in base64`;
  return new PkgError("KEY_INVALID", `Cannot ${task}: ${what}`);
}

function isSigned(data: Buffer, signature: Buffer, key: KeyObject): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify("sha512", data, { key, padding, saltLength: DIGEST_BYTES }, signature);
}

function notBy(keys: readonly JwsKey[], signatures: readonly Signature[], task: string): PkgError {
  if (signatures.length === 0)
    return new PkgError("SIGNATURE_MISSING", `Cannot ${task}: the document has no signature`);
  const listed = (ids: readonly (string | null)[]) => [...new Set(ids)].map((id) => `"${shown(id ?? "")}"`).join(", ");
  const [expected, found] = [keys.map(({ id }) => id), signatures.map(({ keyId }) => keyId)].map(listed);
  return new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot ${task}: the document is signed by ${found}, expected ${expected}`,
  );
}

const MAX_SHOWN = 100;

function shown(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function invalid(task: string, what: string): PkgError {
  return new PkgError("SIGNATURE_INVALID", `Cannot ${task}: ${what}`);
}
