import { PkgError } from "../errors.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parseFirstSignature, type SignedContent, verifyMaker, verifySignature } from "./minisign.ts";

/** A file of a package, and the bytes of its signature file. */
export interface SignedFile {
  readonly title: string;
  readonly signature: Uint8Array;
  /** Null: its content is not at hand, so only the signature's maker and the name that it was made for are checked. */
  readonly content: SignedContent | null;
}

/** By whom a file has to be signed. */
export interface FileSigners {
  readonly keys: readonly PublicKey[];
  /** Whether `Ed` signatures, which sign the content itself, are accepted. */
  readonly allowLegacy: boolean;
  /** The task that fails otherwise: the message begins "Cannot TASK". */
  readonly task: string;
}

/**
 * Verifies that a file is signed by one of the keys, and under its own name; gives the key's id.
 *
 * @throws {PkgError} SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function verifyFile({ title, signature, content }: SignedFile, signers: FileSigners): string {
  const { task } = signers;
  const first = parseFirstSignature(signature, task);
  const request = { ...signers, signature: first };
  const { keyId, fileName } = content === null ? verifyMaker(request) : verifySignature({ ...request, content });
  if (fileName === title) return keyId;
  const found = fileName === null ? "no file" : `"${fileName}"`;
  throw new PkgError("SIGNATURE_INVALID", `Cannot ${task}: its trusted comment names ${found}, expected "${title}"`, {
    hint: "The signature of another file was put in its place; tell the publisher",
  });
}
