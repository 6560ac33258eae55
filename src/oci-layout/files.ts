import type { BlobUpload, BlobWritten } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { LayoutIndex } from "./index-json.ts";

/** Returns the changed index, or the same object if nothing changes. */
export type LayoutIndexEdit = (index: LayoutIndex) => LayoutIndex | Promise<LayoutIndex>;

/** The storage of an OCI layout: a directory, a tar or memory. */
export interface LayoutFiles {
  /** As a person writes it: `oci:dir`. */
  readonly location: string;
  /** Reads the index. @throws {PkgError} LAYOUT_INVALID if the layout is missing or damaged */
  readIndex(): Promise<LayoutIndex>;
  /** Replaces the index with what `edit` returns, atomically and durably; changes are serialized. */
  changeIndex(edit: LayoutIndexEdit, signal: AbortSignal): Promise<void>;
  /** The blob's size in bytes; null if it does not exist. */
  blobSize(digest: Digest): Promise<number | null>;
  /** The bytes of an existing blob from `offset` on, not verified. */
  readBlob(digest: Digest, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** As Target.pushBlob. */
  writeBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /** Removes a blob; true if it existed. */
  removeBlob(digest: Digest): Promise<boolean>;
  /** True if other layouts use the same blobs, so that none may be removed. */
  sharesBlobs(): Promise<boolean>;
}
