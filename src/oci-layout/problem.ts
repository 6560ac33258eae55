import type { Digest } from "../oci/digest.ts";

/** What is wrong with a layout; `by` is what names the blob, null: the index of the layout. */
export type LayoutProblem =
  /** Its bytes hash to another digest. */
  | { readonly kind: "corrupt"; readonly digest: Digest }
  | { readonly kind: "missing"; readonly digest: Digest; readonly by: Digest | null }
  | {
      readonly kind: "size";
      readonly digest: Digest;
      readonly by: Digest | null;
      readonly expected: number;
      readonly found: number;
    }
  /** It is of a known type and cannot be read. */
  | { readonly kind: "invalid"; readonly digest: Digest; readonly reason: string }
  /** An entry of a directory of blobs that is neither a blob nor a partial one, or is not a plain file. */
  | { readonly kind: "foreign"; readonly name: string };
