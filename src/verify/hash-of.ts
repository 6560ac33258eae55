import type { HashAlgorithm } from "../base/hashes.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";

/** A hash that was computed while the blob was written. The code that fetched it must have requested it: see `neededHashes`. */
export function hashOf(blob: StoredBlob, algorithm: HashAlgorithm, title: string): string {
  const hex = blob.hashes[algorithm];
  if (hex === undefined) throw new Error(`the ${algorithm} of ${title} was not computed`);
  return hex;
}
