import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key that signs indexes. */
export interface TestKey {
  /** `kid` of its signatures. */
  readonly id: string;
  /** As the config has it: SPKI in base64. */
  readonly spki: string;
  readonly privateKey: KeyObject;
}

/** Another one in each process. */
export const TEST_KEY = makeKey();

/** An RSA key of so many bits, by the name that the reader expects unless told otherwise. */
export function makeKey({ id = "homebrew-1", bits = 2048 }: { id?: string; bits?: number } = {}): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return { id, spki: publicKey.export({ format: "der", type: "spki" }).toString("base64"), privateKey };
}

export interface SealOptions {
  /** Default: the one key. */
  readonly keys?: readonly TestKey[];
  /** Written over the header that says how it is signed. */
  readonly protectedHeader?: Readonly<Record<string, unknown>>;
  /** What is signed in place of the payload. */
  readonly signed?: string;
  /** In bytes; default: as long as the digest. */
  readonly saltLength?: number;
}

/** The signed document around a payload: JSON, with the signatures over the payload as it stands. */
export function seal(payload: string, options: SealOptions = {}): Buffer {
  const signatures = (options.keys ?? [TEST_KEY]).map((key) => signatureOf(payload, key, options));
  return Buffer.from(JSON.stringify({ payload, signatures }));
}

function signatureOf(payload: string, key: TestKey, { protectedHeader, signed, saltLength = 64 }: SealOptions) {
  const header = { alg: "PS512", b64: false, crit: ["b64"], ...protectedHeader };
  const text = Buffer.from(JSON.stringify(header)).toString("base64url");
  const options = { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  const bytes = sign("sha512", Buffer.from(`${text}.${signed ?? payload}`), options);
  return { protected: text, header: { kid: key.id }, signature: bytes.toString("base64url") };
}
