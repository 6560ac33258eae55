import type { Digest } from "../oci/digest.ts";

export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A manifest to be stored. */
export interface NewManifest extends StoredManifest {
  /** Of `bytes`. */
  readonly digest: Digest;
  /** Those that name it from now on. */
  readonly tags: readonly string[];
}
