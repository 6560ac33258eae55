import type { PackageEntry } from "../../package/metadata.ts";

/** The forms an entry may have, in their order: all text, real scalars, fetched from an address; under a signed header. */
export type Generation = "g1" | "g2" | "g3" | "v1";

/** An entry in the internal model, or why it cannot be used. */
export type Decoded =
  | { readonly kind: "entry"; readonly entry: PackageEntry }
  | { readonly kind: "skipped"; readonly reason: string };
