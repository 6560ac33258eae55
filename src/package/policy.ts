import type { HashAlgorithm } from "../base/hashes.ts";
import type { PublicKey } from "./public-key.ts";

export type Check = "digest" | "checksum" | "signature" | "facts" | "provenance";

/** What a person may waive: a check, or the requirement that the index has not expired (`--allow-stale`). */
export type Waiver = Check | "freshness";

/** Who may build the packages of a repository. */
export interface ProvenancePolicy {
  /** A workflow's URI or a mail address, as certificates name it; with `*` at the end, everything that begins like it. */
  readonly identity: string;
  /** The OpenID Connect issuer that vouches for the identity. */
  readonly issuer: string;
  /** A file with the trusted root of another Sigstore instance; null: the public instance. */
  readonly trustedRoot: string | null;
}

/** What the packages of one repository must prove, and what a person chose to waive. */
export interface Policy {
  readonly require: readonly Check[];
  readonly keys: readonly PublicKey[];
  /** Whether `Ed` signatures, which sign the content itself, are accepted. */
  readonly allowLegacy: boolean;
  /** Who may build them; null: nobody is named, and provenance is not checked. */
  readonly provenance: ProvenancePolicy | null;
  /** From `--insecure-skip` and `--allow-stale`. */
  readonly skip: readonly Waiver[];
}

/** True when the check is required and not skipped, so that its material must exist. */
export function isActive(policy: Policy, check: Check): boolean {
  return policy.require.includes(check) && !policy.skip.includes(check);
}

/**
 * True when a check is made if its material exists: it is not skipped and, for signatures and what they sign, a key is
 * known. Provenance is only looked for when it is required.
 */
export function isMade(policy: Policy, check: Check): boolean {
  if (check === "facts") return !policy.skip.includes("facts") && isMade(policy, "signature") && policy.keys.length > 0;
  if (isActive(policy, check)) return true;
  if (policy.skip.includes(check) || check === "provenance") return false;
  return check !== "signature" || policy.keys.length > 0;
}

/** The hashes to compute while a program's bytes are written, so that `verifyPackage` never reads them again. */
export function neededHashes(policy: Policy, expected: ExpectedHashes): readonly HashAlgorithm[] {
  const bsum = expected.blake3 !== null && isMade(policy, "digest");
  return [
    "sha256",
    // A CHECKSUM may list either hash, which is not known until it arrives.
    ...(bsum || isMade(policy, "checksum") ? (["blake3"] as const) : []),
    ...(isMade(policy, "signature") ? (["blake2b512"] as const) : []),
  ];
}

/** What the index says about a program; null where it says nothing: snapshots, direct references, further files. */
export interface ExpectedHashes {
  /** Lower-case hex. */
  readonly sha256: string | null;
  /** Lower-case hex. */
  readonly blake3: string | null;
  readonly sizeBytes: number | null;
}

/** When the index says nothing. */
export const NO_EXPECTATION: ExpectedHashes = { sha256: null, blake3: null, sizeBytes: null };
