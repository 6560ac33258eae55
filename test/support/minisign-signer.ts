import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface SignOptions {
  /** `ED` (default) signs the BLAKE2b-512 of the content, legacy `Ed` the content itself. */
  readonly algorithm?: "ED" | "Ed";
  readonly trustedComment?: string;
  readonly untrustedComment?: string;
}

/** A minisign key pair of our own making, for tests only. */
export interface Signer {
  /** 16 hex characters, upper case, as minisign prints it. */
  readonly keyId: string;
  /** Base64 of `Ed`, key id and key: 42 bytes. */
  readonly publicKey: string;
  /** The two lines of a public key file. */
  readonly publicKeyFile: string;
  /** A whole `.sig` file over `content`, whose trusted comment names `fileName`. */
  sign(content: Uint8Array, fileName: string, options?: SignOptions): Buffer;
  /** The raw 64-byte Ed25519 signature, for building damaged files. */
  signRaw(message: Uint8Array): Buffer;
}

/** Makes a new key pair. */
export function createSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const id = randomBytes(8);
  const text = Buffer.concat([Buffer.from("Ed"), id, rawPublicKey(publicKey)]).toString("base64");
  // minisign prints the id as a little-endian number.
  const keyId = Buffer.from(id.toReversed()).toString("hex").toUpperCase();
  return {
    keyId,
    publicKey: text,
    publicKeyFile: `untrusted comment: minisign public key ${keyId}\n${text}\n`,
    sign: (content, fileName, options = {}) => signFile({ id, privateKey, content, fileName, options }),
    signRaw: (message) => sign(null, message, privateKey),
  };
}

function signFile(request: {
  readonly id: Uint8Array;
  readonly privateKey: KeyObject;
  readonly content: Uint8Array;
  readonly fileName: string;
  readonly options: SignOptions;
}): Buffer {
  const { algorithm = "ED", untrustedComment = "signature from a test key" } = request.options;
  const hashed = algorithm === "ED" ? "\thashed" : "";
  const trusted = request.options.trustedComment ?? `timestamp:1739440880\tfile:${request.fileName}${hashed}`;
  const message = algorithm === "ED" ? createHash("blake2b512").update(request.content).digest() : request.content;
  const signature = sign(null, message, request.privateKey);
  const globalSignature = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), request.privateKey);
  const line = Buffer.concat([Buffer.from(algorithm), request.id, signature]).toString("base64");
  return Buffer.from(
    `untrusted comment: ${untrustedComment}\n${line}\ntrusted comment: ${trusted}\n${globalSignature.toString("base64")}\n`,
  );
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}
