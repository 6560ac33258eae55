import type { StoredBlob } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import type { Manifest } from "../oci/manifest.ts";
import { safeTitle } from "../oci/title.ts";
import { checkChecksum } from "./check-checksum.ts";
import { checkDigest } from "./check-digest.ts";
import { checkSignatures } from "./check-signatures.ts";
import { type Check, isMade, type Policy, type Waiver } from "./policy.ts";

/** What the index says of a program; nulls where it says nothing: snapshots, direct references, further files. */
export interface ExpectedHashes {
  /** Lower-case hex. */
  readonly sha256: string | null;
  /** Lower-case hex. */
  readonly blake3: string | null;
  readonly sizeBytes: number | null;
}

/** One file that will be placed, with what speaks for it. */
export interface FetchedProgram {
  readonly title: string;
  readonly blob: StoredBlob;
  /** The bytes of `<title>.sig`. */
  readonly signature: Buffer | null;
  readonly expected: ExpectedHashes;
}

/** All that was fetched of a package; nothing of it is trusted yet. */
export interface FetchedPackage {
  readonly name: string;
  /** Null only where the digest is all that the policy wants and the index states it. */
  readonly manifest: Manifest | null;
  /** Every file that will be placed; the main one first. */
  readonly programs: readonly FetchedProgram[];
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
}

/** What was checked. */
export interface Evidence {
  /** Checks that were made for every program and passed. */
  readonly checks: readonly Check[];
  /** What a person chose to go without. */
  readonly skipped: readonly Waiver[];
  /** Key id of the main program's signature; null when the signature check was not made in full. */
  readonly signedBy: string | null;
}

declare const verified: unique symbol;

/** A package that passed its policy: only `verifyPackage` makes one, and `place` takes nothing else. */
export interface VerifiedPackage {
  readonly fetched: FetchedPackage;
  readonly evidence: Evidence;
  readonly [verified]: true;
}

const CHECKS: readonly Check[] = ["digest", "checksum", "signature", "provenance"];
const WAIVERS: readonly Waiver[] = [...CHECKS, "freshness"];

/**
 * Makes every check that the policy requires or that there is material for: what is required must be there, and what
 * is there must be right. `--insecure-skip=digest` leaves out the index's hashes only; that the bytes are those the
 * manifest names is always checked.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, LAYER_MISSING, TITLE_INVALID, MANIFEST_INVALID;
 * CHECKSUM_MISSING, CHECKSUM_INVALID, CHECKSUM_MISMATCH; SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function verifyPackage(fetched: FetchedPackage, policy: Policy): VerifiedPackage {
  if (fetched.programs.length === 0) throw new Error("a package without programs cannot be verified");
  checkTitles(fetched);
  checkDigest(fetched, policy);
  // Signatures come first: a CHECKSUM is read only once it is known to be the publisher's.
  const signedBy = checkSignatures(fetched, policy);
  const isListed = checkChecksum(fetched, policy);
  const made: Readonly<Record<Check, boolean>> = {
    digest: isMade(policy, "digest"),
    checksum: isListed,
    signature: signedBy !== null,
    provenance: false,
  };
  const evidence = {
    checks: CHECKS.filter((check) => made[check]),
    skipped: WAIVERS.filter((waiver) => policy.skip.includes(waiver)),
    signedBy,
  };
  return brand({ fetched, evidence });
}

function brand(checked: Pick<VerifiedPackage, "fetched" | "evidence">): VerifiedPackage {
  return checked as VerifiedPackage;
}

/** Titles become paths: this is the last room they pass before they do. */
function checkTitles({ name, programs }: FetchedPackage): void {
  const titles = new Set(programs.map(({ title }) => safeTitle(title)));
  if (titles.size === programs.length) return;
  throw new PkgError("MANIFEST_INVALID", `Cannot use package "${name}": two of its programs have one name`);
}
