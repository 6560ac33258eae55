import type { WantedFacts } from "../package/facts.ts";
import type { KegFacts } from "../package/keg.ts";
import type { Provide } from "../package/metadata.ts";
import type { ExpectedHashes, Policy } from "../package/policy.ts";
import type { PackageOwner } from "../package/repository-owner.ts";
import type { PackageOrigin } from "./origin.ts";

/** What a spec was resolved to: which bytes to get, from where, and which checks they must pass. */
export interface Resolution {
  /** As typed. */
  readonly requested: string;
  readonly name: string;
  /** The name that it has in its repository. */
  readonly packageName: string;
  readonly version: string;
  /** True where it is to be pinned; absent: that stays as it is. */
  readonly isPinned?: true;
  /** The version or range that `update` will keep to; null: the newest. */
  readonly wish: string | null;
  /** Null for a direct reference. */
  readonly repository: string | null;
  /** Whose it is; null for a direct reference. */
  readonly owner: PackageOwner | null;
  readonly packageId: string;
  readonly family: string;
  readonly type: string;
  readonly origin: PackageOrigin;
  readonly provides: readonly Provide[];
  /** Other names that its index knows it by. */
  readonly aliases: readonly string[];
  /** Names of the packages of the same repository that it needs to run. */
  readonly dependencies: readonly string[];
  /** True when nobody asked for it, and others need it. */
  readonly isDependency: boolean;
  /** Null for everything but bottles. */
  readonly keg: KegFacts | null;
  readonly expected: ExpectedHashes;
  readonly policy: Policy;
  /** Whether the index that it was found in is signed; null for a direct reference. */
  readonly indexSigned: boolean | null;
  /** The publisher's public key, if a person gave it with a direct reference. */
  readonly publisherKey: string | null;
  /** What the publisher has to have signed about it; null: a signed index says it, or nobody can. */
  readonly facts: WantedFacts | null;
  /** What was typed excludes the version that is installed, so that a lower one is what was asked for. */
  readonly isOtherVersion: boolean;
}
