import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";

/** A file of a layer that is placed. */
export interface LayerMember {
  /** In the layer, as cleanPath() gives it. */
  readonly from: string;
  /** Relative to the directory of the package. */
  readonly to: string;
  /** Permission bits. */
  readonly mode: number;
}

/** What of a layer is placed; of many it is nothing, since they were only read to see what they hide. */
export interface WantedLayer {
  /** The digest of the layer when it is unpacked, as the image's config has it. */
  readonly diffId: Digest;
  readonly members: readonly LayerMember[];
  /** Scripts that start its programs. */
  readonly scripts: readonly { readonly path: string; readonly text: string }[];
}

/** The hash of a layer's uncompressed tar, as what reads the tar takes it. */
export function unpackedHash(diffId: Digest) {
  return { algorithm: digestAlgorithm(diffId), hex: digestHex(diffId) };
}
