import type { BlobAddress, BlobPosition, BlobStream, Source } from "../oci/content.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";

/**
 * One package where it lies: what has to be fetched of it, and what comes of that. Whoever installs, or only obtains, knows
 * nothing else of where packages come from.
 */
export interface PackageSource {
  /** The main file, where its digest is known before anything is asked for: its bytes may be fetched at once. */
  readonly main: BlobAddress | null;
  /** What the package holds. Asks the place for no more than the request needs. @throws {PkgError} those of the place */
  contents(request: ContentsRequest): Promise<PackageContents>;
  /** A blob's bytes from a position on: one attempt, not verified. @throws {PkgError} those of the place */
  openBlob(blob: BlobAddress, position: BlobPosition, signal: AbortSignal): Promise<BlobStream>;
  /** Where what refers to the package is found, such as the provenance of its files; null: nothing can. */
  readonly place: Source | null;
  /** Gives the place back. */
  close(): Promise<void>;
}

export interface ContentsRequest {
  /** CHECKSUM, signatures or provenance are wanted, so the manifest has to be read. */
  readonly needsManifest: boolean;
  readonly signal: AbortSignal;
}

/** What is wanted of a package, and what it gives. */
export interface PackageContents {
  /** Null where it need not be read, or there is none. */
  readonly manifest: Manifest | null;
  /** Every file that will be placed, the main one first; of a directory, the archive that it comes in. */
  readonly programs: readonly WantedFile[];
  /** Files beside the programs, by title: `CHECKSUM`, `CHECKSUM.sig`, `trurl.sig`. */
  readonly documents: ReadonlyMap<string, BlobAddress>;
  /** What the programs are linked as; of a directory, that is known once it is unpacked. */
  readonly links: readonly Link[];
  /** Names of the packages that it needs at run time. */
  readonly dependencies: readonly string[];
}

export interface WantedFile {
  readonly title: string;
  readonly blob: BlobAddress;
  /** A directory as a tar: what is placed are its members. */
  readonly isArchive: boolean;
}

/** What opening a source takes. */
export interface OpenRequest<Origin> {
  readonly resolution: Resolution;
  readonly origin: Origin;
  /** What cannot be done offline: "Cannot TASK: --offline is set". */
  readonly task: string;
}
