import type { WantedLayer } from "../image/wanted-layer.ts";
import type { BlobAddress, BlobPosition, BlobStream, Source } from "../oci/content.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";

/**
 * One package at its source: which blobs have to be fetched, and which files and links they become. The code that installs
 * or obtains packages knows nothing else about where they come from.
 */
export interface PackageSource {
  /** The main file, if its digest is known before any request, so that its bytes can be fetched at once; else null. */
  readonly main: BlobAddress | null;
  /** What the package contains. Reads no more from the place than the request needs. @throws {PkgError} those of the place */
  contents(request: ContentsRequest): Promise<PackageContents>;
  /** Streams a blob's bytes from a position on: one attempt, not verified. @throws {PkgError} those of the place */
  openBlob(blob: BlobAddress, position: BlobPosition, signal: AbortSignal): Promise<BlobStream>;
  /** Where the package's referrers are, such as the provenance of its files; null: it cannot have any. */
  readonly place: Source | null;
  /** What its main file is called in messages; default: the blob, by its digest. */
  readonly what?: string;
  /** What it means here that a blob could not be received; default: nothing else. */
  readonly explain?: (error: unknown) => unknown;
  /** Releases the place. */
  close(): Promise<void>;
}

/** What of a package is wanted. */
export interface ContentsRequest {
  /** CHECKSUM, signatures or provenance are wanted, so the manifest has to be read. */
  readonly needsManifest: boolean;
  /**
   * Fetches a blob into the store and reads it there, for a source that has to know what is in it in order to tell; null: only
   * the manifest is wanted.
   */
  readonly read: ((blob: BlobAddress) => Promise<AsyncIterable<Uint8Array>>) | null;
  readonly signal: AbortSignal;
}

/** The blobs that a package needs, and the files and links that they become. */
export interface PackageContents {
  /** Null if it need not be read, or does not exist. */
  readonly manifest: Manifest | null;
  /** Every file that will be placed, the main one first; for a directory, the archive that it comes in. */
  readonly programs: readonly WantedFile[];
  /** Files beside the programs, by title: `CHECKSUM`, `CHECKSUM.sig`, `trurl.sig`. */
  readonly documents: ReadonlyMap<string, BlobAddress>;
  /** What the programs are linked as; for a directory, that is known only once it is unpacked. */
  readonly links: readonly Link[];
  /** What the person should know of it, such as that something was left out. */
  readonly notes?: readonly string[];
}

/** A file of a package that is fetched and verified. */
export interface WantedFile {
  readonly title: string;
  readonly blob: BlobAddress;
  /** True for a packed directory, whose members are placed, and for what may be one. */
  readonly isArchive: boolean;
  /** Set for what only describes the programs, and is left out where nobody vouches for it. */
  readonly isCompanion?: true;
  /** Set for a layer of an image, which is an archive. */
  readonly layer?: WantedLayer;
}

/** What opening a source takes. */
export interface OpenRequest<Origin> {
  readonly resolution: Resolution;
  readonly origin: Origin;
  /** For the error message: "Cannot TASK: --offline is set". */
  readonly task: string;
}
