import { formatCount } from "../base/age.ts";
import type { RetrySettings } from "../base/retry.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Source } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import type { ProvenancePolicy } from "../package/policy.ts";
import type { PackageOrigin } from "../plan/origin.ts";
import type { VerifiedProvenance } from "../provenance/provenance.ts";
import { checkBuilder, checkSubjects, type ProvenanceSubjects } from "../verify/check-provenance.ts";
import type { FetchedProvenance } from "../verify/fetched-package.ts";
import { type FetchedBundle, fetchBundles } from "./provenance-bundles.ts";
import { fetchImageIndex } from "./provenance-index.ts";

export interface ProvenanceRequest {
  /** Where the manifest is. */
  readonly place: Source;
  readonly origin: PackageOrigin;
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest;
  /** Every file that will be placed. */
  readonly programs: readonly Digest[];
  /** Null: anybody may have built it. */
  readonly policy: ProvenancePolicy | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/**
 * Looks among the referrers of a manifest for a Sigstore bundle that the policy accepts, then among the referrers of the
 * image index that leads to it. Null: there is no bundle at all.
 *
 * @throws {PkgError} PROVENANCE_INVALID when there are bundles and none is accepted; CONFIG_INVALID for a trusted root that
 * cannot be used; those of the place
 */
export async function fetchProvenance(request: ProvenanceRequest): Promise<FetchedProvenance | null> {
  const { manifest } = request;
  const judge = await openJudge(request);
  const ofManifest = await fetchBundles(request, manifest.digest);
  const found = judge(ofManifest, null);
  if (found.kind === "accepted") return found.provenance;
  const imageIndex = await fetchImageIndex(request);
  const ofIndex = imageIndex === null ? [] : await fetchBundles(request, imageIndex.digest);
  const bundles = [...ofManifest, ...ofIndex];
  if (bundles.length === 0) return null;
  // A bundle of the manifest may be about the image index as well.
  const judged = imageIndex === null ? found : judge(bundles, imageIndex);
  if (judged.kind === "accepted") return judged.provenance;
  throw refusal(request, judged.errors);
}

type Judged =
  | { readonly kind: "accepted"; readonly provenance: FetchedProvenance }
  | { readonly kind: "refused"; readonly errors: readonly PkgError[] };

type Judge = (bundles: readonly FetchedBundle[], imageIndex: ImageIndex | null) => Judged;

/** Loads the verifier, only when a policy requires it. */
async function openJudge(request: ProvenanceRequest): Promise<Judge> {
  const [{ verifyProvenance }, { readTrustedRoot }] = await Promise.all([
    import("../provenance/verify-provenance.ts"),
    import("../provenance/trusted-root.ts"),
  ]);
  const { manifest, programs, policy, now } = request;
  const trustedRoot = await readTrustedRoot(policy?.trustedRoot ?? null);
  const verify = ({ bytes, what }: FetchedBundle, placed: ProvenanceSubjects): VerifiedProvenance => {
    const { imageIndex } = placed;
    const subjects = [manifest.digest, ...(imageIndex === null ? [] : [imageIndex.digest]), ...programs];
    const verified = verifyProvenance(bytes, { trustedRoot, subjects, what, now });
    checkSubjects(verified, placed, what);
    if (policy !== null) checkBuilder(verified, policy, what);
    return verified;
  };
  return (bundles, imageIndex) => {
    const errors: PkgError[] = [];
    for (const bundle of bundles) {
      try {
        const verified = verify(bundle, { manifest, imageIndex, programs });
        return { kind: "accepted", provenance: { verified, imageIndex } };
      } catch (error) {
        if (!hasCode(error, "PROVENANCE_INVALID")) throw error;
        errors.push(error);
      }
    }
    return { kind: "refused", errors };
  };
}

function refusal({ name, origin }: ProvenanceRequest, errors: readonly PkgError[]): PkgError {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error("no bundle was refused");
  if (others.length === 0) return first;
  const reasons = errors.slice(0, 3).map(({ message }) => message);
  return new PkgError(
    "PROVENANCE_INVALID",
    `Cannot pass the provenance check of package "${name}": none of ${formatCount(errors.length, "bundle")} that ${errors.length === 1 ? "refers" : "refer"} to "${origin.text}" is accepted. ${reasons.join(". ")}`,
    { ...(first.hint === undefined ? {} : { hint: first.hint }), cause: first },
  );
}
