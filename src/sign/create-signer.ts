import { sign } from "node:crypto";
import { MAX_TRUSTED_LINE_BYTES } from "../base/minisign-format.ts";
import { PkgError } from "../errors.ts";
import { keyIdText, publicKeyText, type SecretKey } from "./secret-key.ts";
import type { ContentToSign, Signer } from "./signer.ts";

const HASH_BYTES = 64;
const PREHASHED = Buffer.from("ED");

/** Characters that could make one comment look like another; our verifier refuses them as well. */
const isUnprintable = (text: string) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u.test(text);

/**
 * Makes a signer that writes minisign's prehashed form. Its `sign` throws PUBLISH_INVALID for a file name that a trusted comment
 * cannot hold.
 *
 * @see minisign, "Signature format"
 */
export function createSigner(key: SecretKey): Signer {
  return { keyId: keyIdText(key), publicKey: publicKeyText(key), sign: (content) => signContent(key, content) };
}

function signContent(key: SecretKey, content: ContentToSign): Buffer {
  const hash = Buffer.from(content.blake2b512, "hex");
  if (hash.length !== HASH_BYTES) throw new Error("content to sign has no BLAKE2b-512");
  const comment = trustedComment(content);
  const signature = sign(null, hash, key.privateKey);
  // Binds the comment to this signature.
  const globalSignature = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key.privateKey);
  const lines = [
    `untrusted comment: signature by minisign key ${keyIdText(key)}`,
    Buffer.concat([PREHASHED, key.id, signature]).toString("base64"),
    `trusted comment: ${comment}`,
    globalSignature.toString("base64"),
  ];
  return Buffer.from(`${lines.join("\n")}\n`);
}

function trustedComment({ fileName, timestamp }: ContentToSign): string {
  if (isUnprintable(fileName)) throw badName(fileName, "it holds characters that cannot be printed");
  const fields = [...(timestamp === null ? [] : [`timestamp:${timestamp}`]), `file:${fileName}`, "hashed"];
  const comment = fields.join("\t");
  const bytes = Buffer.byteLength(`trusted comment: ${comment}`);
  if (bytes > MAX_TRUSTED_LINE_BYTES) throw badName(fileName, "it is too long for a trusted comment");
  return comment;
}

function badName(fileName: string, problem: string): PkgError {
  return new PkgError("PUBLISH_INVALID", `Cannot sign "${fileName.slice(0, 80)}": ${problem}`, {
    hint: "Give the file another name",
  });
}
