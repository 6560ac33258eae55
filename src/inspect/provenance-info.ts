import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { fetchProvenance } from "../obtain/provenance-fetch.ts";
import type { Installation } from "../package/installation.ts";
import type { ProvenancePolicy } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Provenance } from "../provenance/provenance.ts";
import { findAnyway, isInstalledAs } from "../resolve/find-installed.ts";
import { resolveSpecs } from "../resolve/resolve.ts";
import { isReference } from "../resolve/spec.ts";
import { openPackageSource } from "../sources/open-source.ts";
import { sourceContext } from "../sources/source-context.ts";
import { recordedProvenance } from "./inspect.ts";

/** Who built a package, and whether that was allowed. */
export interface ProvenanceOutcome {
  readonly name: string;
  readonly version: string;
  /** Null for a package that was installed by its reference. */
  readonly repository: string | null;
  readonly reference: string;
  /** Whether it was verified at installation, or just now. */
  readonly from: "installation" | "registry";
  /** Who may build it; null: there is no policy, so anybody may. */
  readonly policy: Pick<ProvenancePolicy, "identity" | "issuer"> | null;
  readonly provenance: Provenance;
}

type ProvenanceCapabilities = Capabilities;

/**
 * Shows who built a package, and from what: as recorded with the installation, else looked up and verified now.
 *
 * @throws {PkgError} PROVENANCE_MISSING, PROVENANCE_INVALID; OFFLINE; as resolveSpecs and fetchProvenance
 */
export async function showProvenance(
  cap: ProvenanceCapabilities,
  text: string,
  directory: string,
): Promise<ProvenanceOutcome> {
  const { installations } = await cap.records();
  const words = { installations, directory };
  const found = findAnyway(words, text);
  const installed = found !== null && isInstalledAs(words, text, found) ? installations.get(found.name) : null;
  const recorded = installed === null || isReference(text) ? null : recordedOutcome(installed, cap.config.repositories);
  if (recorded !== null) return recorded;
  const isKnown = installed !== null && !isReference(text) && !isInUse(installed, cap.config.repositories);
  return verifyNow(cap, isKnown ? installed.reference : text, directory);
}

/** Whether an index can tell more than the record: there is none for direct references, and for repositories out of use. */
function isInUse({ repository, owner }: Installation, repositories: Config["repositories"]): boolean {
  const isEnabled = repositories.some(({ name, enabled }) => name === repository && enabled);
  return isEnabled && !isOrphaned({ owner });
}

function recordedOutcome(installed: Installation, repositories: Config["repositories"]): ProvenanceOutcome | null {
  const { name, version, repository, reference } = installed;
  const provenance = recordedProvenance(installed);
  if (provenance === null) return null;
  const policy = repositories.find((candidate) => candidate.name === repository)?.policy.provenance ?? null;
  return { name, version, repository, reference, from: "installation", policy: shown(policy), provenance };
}

async function verifyNow(cap: ProvenanceCapabilities, text: string, directory: string): Promise<ProvenanceOutcome> {
  const [resolved] = await resolveSpecs(cap, [text], { skip: [], key: null, directory });
  if (resolved === undefined) throw new Error("a spec resolved to nothing");
  if ("error" in resolved) throw resolved.error;
  const { resolution } = resolved;
  const { name, version, repository, origin, policy } = resolution;
  const provenance = await fetchNow(cap, resolution);
  return {
    ...{ name, version, repository, reference: origin.text, from: "registry", policy: shown(policy.provenance) },
    provenance,
  };
}

async function fetchNow(cap: ProvenanceCapabilities, resolution: Resolution): Promise<Provenance> {
  const { origin, name, version, policy } = resolution;
  if (!origin.hasEvidence) throw missing(name, "it is a plain download, and bundles are kept in registries");
  const task = `look for the provenance of "${name}"`;
  const source = await openPackageSource(sourceContext(cap), resolution, task);
  try {
    const { signal, retry } = cap;
    const { manifest, programs } = await source.contents({ needsManifest: true, read: null, signal });
    const { place } = source;
    if (manifest === null || place === null) throw missing(name, "it has no manifest that a bundle could refer to");
    const found = await fetchProvenance({
      ...{ place, origin, name, version, manifest, retry, signal, now: cap.now() },
      programs: programs.map(({ blob }) => blob.digest),
      policy: policy.provenance,
    });
    if (found !== null) return found.verified;
    throw missing(name, `nothing that refers to "${manifest.digest}" is a Sigstore bundle`);
  } finally {
    await source.close();
  }
}

function shown(policy: ProvenancePolicy | null): ProvenanceOutcome["policy"] {
  return policy === null ? null : { identity: policy.identity, issuer: policy.issuer };
}

function missing(name: string, problem: string): PkgError {
  return new PkgError("PROVENANCE_MISSING", `Cannot tell who built "${name}": ${problem}`, {
    hint: "Ask the publisher to attach one: `pkg publish --attest BUNDLE`",
  });
}
