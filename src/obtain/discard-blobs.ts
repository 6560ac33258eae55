import type { BlobStore } from "../blobs/blob-store.ts";
import type { Digest } from "../oci/digest.ts";
import type { Installations } from "../state/installations.ts";

interface Stored {
  readonly digest: Digest;
}

/** Removes blobs that are not needed: those of installations, and those in `needed`, stay. */
export function discardBlobs(
  { blobs, installations }: { readonly blobs: BlobStore; readonly installations: Installations },
  unwanted: readonly Stored[],
  needed: readonly Stored[] = [],
): void {
  if (unwanted.length === 0) return;
  const kept = new Set([...installations.referencedDigests(), ...needed.map(({ digest }) => digest)]);
  for (const { digest } of unwanted) if (!kept.has(digest)) blobs.remove(digest);
}
