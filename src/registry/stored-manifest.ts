import type { Digest } from "../oci/digest.ts";

/** A manifest as it is stored. */
export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A manifest to be stored. */
export interface NewManifest extends StoredManifest {
  /** The digest of `bytes`. */
  readonly digest: Digest;
  /** Tags that name it from now on. */
  readonly tags: readonly string[];
}
