import type { StoredBlob } from "../blobs/blob-store.ts";
import type { WantedLayer } from "../image/wanted-layer.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import type { WantedFacts, WrittenFacts } from "../package/facts.ts";
import type { ExpectedHashes } from "../package/policy.ts";
import type { VerifiedProvenance } from "../provenance/provenance.ts";

/** One file that will be placed, or an archive of such files, with the evidence for it. */
export interface FetchedProgram {
  readonly title: string;
  readonly blob: StoredBlob;
  /** The bytes of `TITLE.sig`; null when there is none. */
  readonly signature: Buffer | null;
  readonly expected: ExpectedHashes;
  /** Set for a packed directory, whose members are placed, and for what may be one, as a download. */
  readonly archive?: true;
  /** Set for what only describes the programs, such as an icon. */
  readonly isCompanion?: true;
  /** Set for a layer of an image, which is an archive that the manifest knows by its digest: only some members are placed. */
  readonly layer?: WantedLayer;
  /** Set for an archive whose bytes are gone, and whose members are kept: what is recorded of it, since it had passed its checks. */
  readonly recorded?: RecordedArchive;
}

/** What is recorded of an archive that was verified once. Of its hashes, only some are known. */
export interface RecordedArchive {
  /** Id of the key that signed its bytes; null: none was found. */
  readonly signedBy: string | null;
}

/** Everything that was fetched for a package; none of it is trusted yet. */
export interface FetchedPackage {
  readonly name: string;
  /** Null only when the policy asks for the digest alone and the package index gives it. */
  readonly manifest: Manifest | null;
  /** Every file that will be placed; the main one first. */
  readonly programs: readonly FetchedProgram[];
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
  /** `PROGRAM.json`, where it is signed and the policy has keys. */
  readonly facts: WrittenFacts | null;
  /** What the facts have to be; null: something else vouches for them, such as a signed index. */
  readonly wantedFacts: WantedFacts | null;
  /** Null when the policy does not ask for it, or none was found. */
  readonly provenance: FetchedProvenance | null;
}

/** Provenance, and the image index that connects it to a package. */
export interface FetchedProvenance {
  readonly verified: VerifiedProvenance;
  /** The image index that it is about; null: it is about the manifest or the programs. */
  readonly imageIndex: ImageIndex | null;
}
