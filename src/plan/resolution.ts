import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { Reference } from "../oci/reference.ts";
import type { Provide } from "../package/metadata.ts";
import type { ExpectedHashes, Policy } from "../package/policy.ts";

/** A spec made definite: which bytes to get, from where, and what they must prove. */
export interface Resolution {
  /** As typed. */
  readonly requested: string;
  readonly name: string;
  readonly version: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  readonly packageId: string;
  readonly family: string;
  readonly type: string;
  readonly source: Source;
  readonly provides: readonly Provide[];
  readonly expected: ExpectedHashes;
  readonly policy: Policy;
  /** The publisher's public key, where a person gave it with a direct reference. */
  readonly publisherKey: string | null;
}

export type Source =
  | {
      readonly kind: "oci";
      readonly reference: Reference;
      /** The main file's blob when it is known before the manifest is. */
      readonly blob: Digest | null;
      /** Titles the index lists; empty when it does not say. */
      readonly files: readonly string[];
      /** Where it had to be read to tell what a direct reference means. */
      readonly manifest: Manifest | null;
    }
  | { readonly kind: "http"; readonly url: string; readonly blob: Digest };
