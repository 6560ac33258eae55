import type { BundledPackage } from "../bundle-format/table.ts";
import type { Failure } from "../capabilities/outcome.ts";
import type { Digest } from "../oci/digest.ts";

/** An index that goes into a bundle. */
export interface IncludedIndex {
  readonly name: string;
  readonly platform: string;
  /** Whether it is signed: nothing else vouches for its packages where the bundle is installed. */
  readonly signed: boolean;
  /** Absent for an index that says nothing about itself. */
  readonly serial?: number;
  /** ISO 8601; absent: it states no expiry. */
  readonly expiresAt?: string;
  /** Of the document as it is served. */
  readonly sizeBytes: number;
}

/** A package that was asked for and does not go in. */
export interface MissingPackage {
  readonly name: string;
  readonly platform: string;
  readonly error: Failure;
}

/** What `bundle create` wrote, or would write. */
export interface BundleOutcome {
  readonly dryRun: boolean;
  /** As a place: `oci-archive:/srv/tools.tar:bundle`. */
  readonly target: string;
  /** Of the bundle's image index; null: nothing was written. */
  readonly digest: Digest | null;
  readonly platforms: readonly string[];
  readonly packages: readonly (BundledPackage | MissingPackage)[];
  /** Those whose indexes go in. */
  readonly repositories: readonly IncludedIndex[];
  /** Of all packages and indexes; with --dry-run, as far as the indexes say. */
  readonly sizeBytes: number;
}
