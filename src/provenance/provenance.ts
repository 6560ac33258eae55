import type { Digest } from "../oci/digest.ts";

/** Who built something, from what: as a certificate of the trusted root says, and where it is silent, the statement. */
export interface Provenance {
  /** Whom the certificate names: a workflow's URI with its ref, or a mail address. */
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
  /** What it speaks of, of the digests that were asked about. */
  readonly subjects: readonly Digest[];
  /** ISO 8601: the time that the log or a timestamp authority vouches for. */
  readonly signedAt: string;
  /** ISO 8601. */
  readonly verifiedAt: string;
}

declare const verified: unique symbol;

/** Provenance whose signature, certificate and log entry were checked: only `verifyProvenance` makes one. */
export interface VerifiedProvenance extends Provenance {
  readonly [verified]: true;
}
