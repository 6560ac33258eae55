import type { Digest } from "../oci/digest.ts";
import type { Check, ExpectedHashes, Waiver } from "./policy.ts";

/** What is installed under one name. */
export interface Installation {
  readonly name: string;
  readonly version: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  readonly packageId: string;
  readonly family: string;
  readonly type: string;
  readonly reference: string;
  readonly manifestDigest: Digest | null;
  readonly programDigest: Digest;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** Relative to the packages directory. */
  readonly directory: string;
  readonly files: readonly InstalledFile[];
  readonly links: readonly InstalledLink[];
  readonly checks: readonly Check[];
  readonly skipped: readonly Waiver[];
  /** Key id. */
  readonly signedBy: string | null;
  /** Who built it, where that was verified: what `pkg info --provenance` shows, as JSON. */
  readonly provenance: string | null;
  /** The publisher's public key, where a person gave it with a direct reference: updates are checked against it. */
  readonly publisherKey: string | null;
  /** ISO 8601. */
  readonly installedAt: string;
  /** The spec as it was typed. */
  readonly requested: string;
  readonly expected: ExpectedHashes;
  readonly evidence: InstallationEvidence;
}

export interface InstalledFile {
  /** Relative to the installation's directory. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Permission bits; of a symlink 0o120777, as git has it: its bytes are its target's text. */
  readonly mode: number;
  readonly blake3: string | null;
}

export interface InstalledLink {
  /** Its name in the bin directory. */
  readonly path: string;
  /** Relative to the installation's directory. */
  readonly target: string;
}

/** The documents that the installation was verified by. */
export interface InstallationEvidence {
  readonly manifest: Buffer | null;
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
  /** By the title of the signed file. */
  readonly signatures: Readonly<Record<string, Buffer>>;
}
