import type { Digest } from "../oci/digest.ts";
import type { ManifestReference } from "./route.ts";

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
  /** What has to hold for it to be stored; see `writeManifest()`. */
  readonly condition?: ManifestCondition;
}

/** A condition on what a reference names at the moment of writing. */
export interface ManifestCondition {
  readonly reference: ManifestReference;
  /** @param named what the reference names in the repository; null for nothing */
  readonly holds: (named: Digest | null) => boolean;
}
