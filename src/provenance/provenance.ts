import type { Digest } from "../oci/digest.ts";

/** Who built something, and from what, as the certificate says; what the certificate does not say comes from the statement. */
export interface Provenance {
  /** The signer that the certificate names: a workflow's URI with its ref, or a mail address. */
  readonly identity: string;
  /** Who vouched for the identity: an OpenID Connect issuer. */
  readonly issuer: string;
  readonly sourceRepository: string | null;
  readonly commit: string | null;
  /** e.g. `refs/tags/v1.2.0` */
  readonly ref: string | null;
  /** The URI of the build's instructions. */
  readonly workflow: string | null;
  readonly builder: string | null;
  readonly buildType: string | null;
  readonly runUrl: string | null;
  readonly predicateType: string;
  /** The requested digests that the statement covers. */
  readonly subjects: readonly Digest[];
  /** ISO 8601: when it was signed, as the log or a timestamp authority says. */
  readonly signedAt: string;
  /** ISO 8601: when it was verified, by this machine's clock. */
  readonly verifiedAt: string;
}

declare const verified: unique symbol;

/** Provenance whose signature, certificate and log entry were checked: only `verifyProvenance` makes one. */
export interface VerifiedProvenance extends Provenance {
  readonly [verified]: true;
}
