import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { KEY_ID_BYTES } from "../base/minisign-format.ts";

/** The size of the seed that a key pair is made from (RFC 8032, section 5.1.5). */
export const SEED_BYTES = 32;

/** An Ed25519 key pair and the id that minisign gives it. The private half is opaque: printing it shows nothing. */
export interface SecretKey {
  /** 8 bytes, in the order of the files. */
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

/** PrivateKeyInfo of an Ed25519 key up to its seed (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_HEAD = Buffer.from("Ed");

/** The key pair of a seed of 32 bytes (RFC 8032, section 5.1.5). */
export function secretKeyOf(id: Uint8Array, seed: Uint8Array): SecretKey {
  if (id.length !== KEY_ID_BYTES || seed.length !== SEED_BYTES)
    throw new Error("a key id or a seed has the wrong size");
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return {
    id: Buffer.from(id),
    privateKey,
    publicKey: fromJwk(createPublicKey(privateKey).export({ format: "jwk" }).x),
  };
}

/** The secret itself, to be written to a file. */
export function seedOf({ privateKey }: SecretKey): Buffer {
  return fromJwk(privateKey.export({ format: "jwk" }).d);
}

function fromJwk(member: string | undefined): Buffer {
  if (member === undefined) throw new Error("an Ed25519 key lacks a half");
  return Buffer.from(member, "base64url");
}

/** 16 hex characters, upper case: minisign prints the id as a little-endian number. */
export function keyIdText({ id }: SecretKey): string {
  return Buffer.from(id).reverse().toString("hex").toUpperCase();
}

/** The minisign public key: the base64 line alone. */
export function publicKeyText({ id, publicKey }: SecretKey): string {
  return Buffer.concat([PUBLIC_HEAD, id, publicKey]).toString("base64");
}

/** The two lines of a public key file, as minisign writes them: it prints the id without leading zeros. */
export function publicKeyFile(key: SecretKey): string {
  const id = keyIdText(key).replace(/^0+(?=.)/, "");
  return `untrusted comment: minisign public key ${id}\n${publicKeyText(key)}\n`;
}
