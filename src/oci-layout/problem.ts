import type { Digest } from "../oci/digest.ts";

/** A problem in a layout; `by` is the manifest that names the blob, null for the layout's index. */
export type LayoutProblem =
  /** The bytes hash to another digest. */
  | { readonly kind: "corrupt"; readonly digest: Digest }
  | { readonly kind: "missing"; readonly digest: Digest; readonly by: Digest | null }
  | {
      readonly kind: "size";
      readonly digest: Digest;
      readonly by: Digest | null;
      readonly expected: number;
      readonly found: number;
    }
  /** A manifest of a known type that cannot be read. */
  | { readonly kind: "invalid"; readonly digest: Digest; readonly reason: string }
  /** An entry in a directory of blobs that is not a plain file, or is neither a blob nor a partial file. */
  | { readonly kind: "foreign"; readonly name: string };
