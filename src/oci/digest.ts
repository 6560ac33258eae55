import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";

/** The digest algorithms that are supported, of those registered in the OCI image-spec. */
export type DigestAlgorithm = "sha256" | "sha512";

/** The length of each algorithm's digest in hex characters. */
const HEX_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha512: 128 };

declare const parsed: unique symbol;

/** A validated `algorithm:hex`; both parts are safe as path segments. */
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

/** True if parseDigest() would accept `text`. */
export function isDigest(text: string): text is Digest {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
}

/** The digest for a known SHA-256 hash, given as 64 lower-case hex characters. @throws {PkgError} DIGEST_INVALID */
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

/** The hash in a digest, in lower-case hex. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}
