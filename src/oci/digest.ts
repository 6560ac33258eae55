import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";

/** The algorithms of the image-spec that every reader must know. */
export type DigestAlgorithm = "sha256" | "sha512";

/** Length in hex characters of each registered algorithm this program can compute. */
const HEX_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha512: 128 };

declare const parsed: unique symbol;

/** `algorithm:hex`, checked: safe to use as a path segment after splitting at the colon. */
export type Digest = string & { readonly [parsed]: "digest" };

/**
 * Parses `algorithm:encoded`; only registered algorithms with lower-case hex of the right length pass.
 *
 * @throws {PkgError} DIGEST_INVALID
 * @see OCI image-spec 1.1, descriptor.md, "Digests"
 */
export function parseDigest(text: string): Digest {
  const colon = text.indexOf(":");
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  if (algorithm !== "sha256" && algorithm !== "sha512") {
    throw new PkgError("DIGEST_INVALID", `Cannot use digest "${text}": algorithm is not sha256 or sha512`, {
      hint: "A digest looks like sha256: followed by 64 hex characters",
    });
  }
  if (hex.length !== HEX_LENGTH[algorithm] || !/^[0-9a-f]+$/.test(hex)) {
    throw new PkgError(
      "DIGEST_INVALID",
      `Cannot use digest "${text}": expected ${HEX_LENGTH[algorithm]} lower-case hex characters after "${algorithm}:"`,
    );
  }
  return text as Digest;
}

/** True when `text` would parse. */
export function isDigest(text: string): text is Digest {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
}

/** The digest made of an already known SHA-256, given as 64 lower-case hex characters. */
export function sha256Digest(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

/** The SHA-256 digest of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return sha256Digest(hashHex("sha256", bytes));
}

/** The algorithm that a digest names. */
export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha256:") ? "sha256" : "sha512";
}

/** The hash in a digest: lower-case hex. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}
