import type { BlobUpload, BlobWritten } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { LayoutIndex } from "./index-json.ts";

/** The index after a change; the same object where nothing changes. */
export type LayoutIndexEdit = (index: LayoutIndex) => LayoutIndex | Promise<LayoutIndex>;

/** The parts of an OCI layout, wherever they lie: in a directory, in a tar, in memory. */
export interface LayoutFiles {
  /** As a person writes it: `oci:dir`. */
  readonly location: string;
  /** @throws {PkgError} LAYOUT_INVALID where the layout is missing or damaged */
  readIndex(): Promise<LayoutIndex>;
  /** Replaces the index by what `edit` makes of it, whole and durably; one change at a time. */
  changeIndex(edit: LayoutIndexEdit, signal: AbortSignal): Promise<void>;
  /** Bytes; null: it is not there. */
  blobSize(digest: Digest): Promise<number | null>;
  /** The bytes from `offset` on of a blob that is there; not verified. */
  readBlob(digest: Digest, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** As Target.pushBlob. */
  writeBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /** True when it was there. */
  removeBlob(digest: Digest): Promise<boolean>;
  /** True where the blobs belong to other layouts too, so that none may be removed for the sake of one. */
  sharesBlobs(): Promise<boolean>;
}
