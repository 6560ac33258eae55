import type { Provide } from "../package/metadata.ts";
import type { ExpectedHashes, Policy } from "../package/policy.ts";
import type { PackageOrigin } from "./origin.ts";

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
  readonly origin: PackageOrigin;
  readonly provides: readonly Provide[];
  readonly expected: ExpectedHashes;
  readonly policy: Policy;
  /** The publisher's public key, if a person gave it with a direct reference. */
  readonly publisherKey: string | null;
}
