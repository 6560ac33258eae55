import type { Provide } from "../package/metadata.ts";
import type { ExpectedHashes, Policy } from "../package/policy.ts";
import type { PackageOrigin } from "./origin.ts";

/** What a spec was resolved to: which bytes to get, from where, and which checks they must pass. */
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
