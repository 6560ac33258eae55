import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { isMade, type Policy, type ProvenancePolicy } from "../package/policy.ts";
import type { Provenance } from "../provenance/provenance.ts";
import type { FetchedPackage } from "./fetched-package.ts";
import { matchesIdentity } from "./identity.ts";

/** The files of a package that are placed, as statements may name them. */
export interface ProvenanceSubjects {
  readonly manifest: Manifest | null;
  readonly imageIndex: ImageIndex | null;
  /** Every file that is placed. */
  readonly programs: readonly Digest[];
}

/**
 * Checks who built the programs, when the policy asks: the provenance must cover all of them, and come from the builder that the
 * policy names. Gives the provenance; null when the policy does not ask.
 *
 * @throws {PkgError} PROVENANCE_MISSING, PROVENANCE_INVALID
 */
export function checkProvenance(fetched: FetchedPackage, policy: Policy): Provenance | null {
  if (!isMade(policy, "provenance")) return null;
  const { name, provenance, manifest, programs } = fetched;
  if (provenance === null) throw missingProvenance(`package "${name}"`);
  if (policy.provenance === null) throw new Error("a policy requires provenance but names no builder");
  const { verified, imageIndex } = provenance;
  const what = `the provenance of package "${name}"`;
  checkSubjects(verified, { manifest, imageIndex, programs: programs.map(({ blob }) => blob.digest) }, what);
  checkBuilder(verified, policy.provenance, what);
  return verified;
}

/** Checks that provenance covers everything that is placed. @throws {PkgError} PROVENANCE_INVALID */
export function checkSubjects({ subjects }: Provenance, placed: ProvenanceSubjects, what: string): void {
  const { manifest, imageIndex, programs } = placed;
  if (manifest !== null && subjects.includes(manifest.digest)) return;
  const isListed = imageIndex?.manifests.some(({ digest }) => digest === manifest?.digest) === true;
  if (isListed && imageIndex !== null && subjects.includes(imageIndex.digest)) return;
  const others = programs.filter((digest) => !subjects.includes(digest));
  if (others.length === 0) return;
  throw refused(what, `it does not cover ${others.slice(0, 3).join(", ")}`);
}

/** Checks that the builder is the one that the policy names. @throws {PkgError} PROVENANCE_INVALID */
export function checkBuilder({ identity, issuer }: Provenance, policy: ProvenancePolicy, what: string): void {
  if (issuer !== policy.issuer) {
    throw refused(what, `its builder is vouched for by "${issuer}", expected "${policy.issuer}"`);
  }
  if (matchesIdentity(policy.identity, identity)) return;
  throw refused(what, `it was built by "${identity}", expected "${policy.identity}"`);
}

/** The error for missing provenance. */
export function missingProvenance(what: string): PkgError {
  return new PkgError("PROVENANCE_MISSING", `Cannot pass the provenance check of ${what}: found no Sigstore bundle`, {
    hint: "Tell the publisher; `pkg install --insecure-skip=provenance` skips this check",
  });
}

function refused(what: string, problem: string): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`, {
    hint: "Tell the publisher; if the builder really has changed, change provenance in the config",
  });
}
