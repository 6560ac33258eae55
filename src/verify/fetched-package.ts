import type { StoredBlob } from "../blobs/blob-store.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import type { ExpectedHashes } from "../package/policy.ts";
import type { VerifiedProvenance } from "../provenance/provenance.ts";

/** One file that will be placed, or an archive of such files, with what speaks for it. */
export interface FetchedProgram {
  readonly title: string;
  readonly blob: StoredBlob;
  /** The bytes of `<title>.sig`. */
  readonly signature: Buffer | null;
  readonly expected: ExpectedHashes;
  /** A directory as a tar: what is placed are its members. */
  readonly archive?: true;
}

/** All that was fetched of a package; nothing of it is trusted yet. */
export interface FetchedPackage {
  readonly name: string;
  /** Null only where the digest is all that the policy wants and the index states it. */
  readonly manifest: Manifest | null;
  /** Every file that will be placed; the main one first. */
  readonly programs: readonly FetchedProgram[];
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
  /** Null where the policy does not ask for it, or none was found. */
  readonly provenance: FetchedProvenance | null;
}

/** Provenance with what ties it to a package. */
export interface FetchedProvenance {
  readonly verified: VerifiedProvenance;
  /** The image index that it speaks of; null: it speaks of the manifest or of the programs. */
  readonly imageIndex: ImageIndex | null;
}
