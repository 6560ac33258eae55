import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { isMade, type Policy, type ProvenancePolicy } from "../package/policy.ts";
import type { Provenance } from "../provenance/provenance.ts";
import type { FetchedPackage } from "./fetched-package.ts";
import { matchesIdentity } from "./identity.ts";

/** What is placed of a package, as statements name it. */
export interface ProvenanceSubjects {
  readonly manifest: Manifest | null;
  readonly imageIndex: ImageIndex | null;
  /** Every file that is placed. */
  readonly programs: readonly Digest[];
}

/**
 * Who built the programs, where the policy asks: what was fetched must speak of all of them, and be by whom the policy names.
 *
 * @throws {PkgError} PROVENANCE_MISSING, PROVENANCE_INVALID
 */
export function checkProvenance(fetched: FetchedPackage, policy: Policy): Provenance | null {
  if (!isMade(policy, "provenance")) return null;
  const { name, provenance, manifest, programs } = fetched;
  if (provenance === null) throw missingProvenance(`package "${name}"`);
  if (policy.provenance === null) throw new Error("a policy requires provenance and does not say whose");
  const { verified, imageIndex } = provenance;
  const what = `the provenance of package "${name}"`;
  checkSubjects(verified, { manifest, imageIndex, programs: programs.map(({ blob }) => blob.digest) }, what);
  checkBuilder(verified, policy.provenance, what);
  return verified;
}

/** @throws {PkgError} PROVENANCE_INVALID unless it speaks of everything that is placed */
export function checkSubjects({ subjects }: Provenance, placed: ProvenanceSubjects, what: string): void {
  const { manifest, imageIndex, programs } = placed;
  if (manifest !== null && subjects.includes(manifest.digest)) return;
  const isListed = imageIndex?.manifests.some(({ digest }) => digest === manifest?.digest) === true;
  if (isListed && imageIndex !== null && subjects.includes(imageIndex.digest)) return;
  const others = programs.filter((digest) => !subjects.includes(digest));
  if (others.length === 0) return;
  throw refused(what, `it does not speak of ${others.slice(0, 3).join(", ")}`);
}

/** @throws {PkgError} PROVENANCE_INVALID when someone else built it than the policy names */
export function checkBuilder({ identity, issuer }: Provenance, policy: ProvenancePolicy, what: string): void {
  if (issuer !== policy.issuer) {
    throw refused(what, `its builder is vouched for by "${issuer}", expected "${policy.issuer}"`);
  }
  if (matchesIdentity(policy.identity, identity)) return;
  throw refused(what, `it was built by "${identity}", expected "${policy.identity}"`);
}

/** For what has no provenance where a policy asks for it. */
export function missingProvenance(what: string): PkgError {
  return new PkgError(
    "PROVENANCE_MISSING",
    `Cannot pass the provenance check of ${what}: found no Sigstore bundle of it`,
    {
      hint: "Tell the publisher; `pkg install --insecure-skip=provenance` goes without this check",
    },
  );
}

function refused(what: string, problem: string): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`, {
    hint: "Tell the publisher; if the builder did change, change provenance in the config",
  });
}
