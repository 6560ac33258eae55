import type { Config } from "../config/config.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { PkgError } from "../errors.ts";
import type { IndexMeta, IndexTrust } from "../index-database/package-index.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { parseReference, type Reference, repositoryOf } from "../oci/reference.ts";
import { COMPILER } from "../package/compiler.ts";
import type { WantedFacts } from "../package/facts.ts";
import { nameInRepository } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { IndexedPackage, PackageEntry, Snapshot } from "../package/metadata.ts";
import { type Check, NO_EXPECTATION, type Policy, type Waiver } from "../package/policy.ts";
import type { PackageOwner } from "../package/repository-owner.ts";
import { artifactOrigin, bottleOrigin, downloadOrigin, type PackageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { isSigned } from "../repositories/known-version.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { checkUse } from "../repositories/use-index.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { refusePinned } from "./refuse-pinned.ts";

/** The resolution of one entry of an index, or of one of its snapshots. */
export function resolveEntry(
  cap: Pick<SyncCapabilities, "config" | "now">,
  found: IndexedPackage,
  chosen: {
    /** The facts about the index that the entry is in. */
    readonly meta: IndexMeta;
    readonly requested: string;
    /** The version or range that is to be kept to; null: the newest. */
    readonly wish: string | null;
    /** Whose the packages of the repository are. */
    readonly owner: PackageOwner | null;
    readonly version: string;
    readonly snapshot: Snapshot | null;
    readonly skip: readonly Waiver[];
    /** The same package as it is installed; null: it is not. */
    readonly installed: Installation | null;
    /** Whether what was typed excludes the version that is installed. */
    readonly isOtherVersion: boolean;
  },
): Resolution {
  const { entry, repository } = found;
  if (entry.keg !== null)
    refusePinned(entry, { prefix: cap.config.paths.prefix, profile: cap.config.profile, repository });
  const origin = originOf(entry, chosen.snapshot);
  const skip = checkUse(cap, { name: repository, meta: chosen.meta }, chosen.skip);
  return {
    requested: chosen.requested,
    name: entry.name,
    packageName: entry.name,
    version: chosen.version,
    wish: chosen.wish,
    repository,
    owner: chosen.owner,
    packageId: entry.id,
    family: entry.family,
    type: entry.type,
    origin,
    provides: entry.provides,
    aliases: entry.aliases,
    dependencies: withCompiler(entry, chosen.installed),
    isDependency: false,
    keg: entry.keg,
    // A snapshot has hashes of its own, which its manifest and CHECKSUM state.
    expected:
      chosen.snapshot === null
        ? { sha256: entry.sha256, blake3: entry.blake3, sizeBytes: entry.sizeBytes }
        : NO_EXPECTATION,
    policy: policyFor(cap.config, { ...found, meta: chosen.meta }, { origin, skip }),
    indexSigned: isSigned(chosen.meta),
    publisherKey: null,
    facts: wantedFacts(cap, found, chosen),
    isOtherVersion: chosen.isOtherVersion,
  };
}

/** What it needs here beside what its entry says was found when it was poured. */
function withCompiler({ dependencies, keg }: PackageEntry, installed: Installation | null): readonly string[] {
  const isNeeded =
    installed?.dependencies.some((name) => nameInRepository({ ...installed, name }) === COMPILER) === true;
  return keg === null || !isNeeded || dependencies.includes(COMPILER) ? dependencies : [...dependencies, COMPILER];
}

/** An index that is signed says itself what its packages are; for any other, what their publisher signed has to agree. */
function wantedFacts(
  { config: { host, libcs } }: Pick<SyncCapabilities, "config">,
  { entry }: IndexedPackage,
  {
    meta,
    version,
    installed,
  }: { readonly meta: IndexMeta; readonly version: string; readonly installed: Installation | null },
): WantedFacts | null {
  if (meta.trust !== null || entry.keg !== null || entry.artifact.kind !== "oci") return null;
  const repository = repositoryOf(entry.artifact.reference);
  const signedBefore = installed?.signedAs ?? null;
  return {
    name: entry.name,
    version,
    repository,
    machine: { host, libcs },
    signedBefore,
    tellsMissing: false,
    written: null,
  };
}

/** What packages of a repository have to prove, by the config and its index. */
export function policyFor(
  { repositories }: Pick<Config, "repositories">,
  { repository: name, meta }: Pick<IndexedPackage, "repository"> & { readonly meta: IndexMeta },
  { origin, skip }: { readonly origin: PackageOrigin; readonly skip: readonly Waiver[] },
): Policy {
  const repository = repositories.find((candidate) => candidate.name === name);
  if (repository === undefined) throw new Error(`repository ${name} has an index and no configuration`);
  const policy = meta.trust === null ? repository.policy : signedPolicy(repository, meta.trust);
  return { ...policy, require: origin.hasEvidence ? policy.require : withoutEvidence(policy), skip };
}

/**
 * If no evidence accompanies a file, there are only the hashes in the (signed) index. Its builder is unknown, so a policy
 * that requires provenance must fail.
 */
export function withoutEvidence({ require }: Pick<Policy, "require">): readonly Check[] {
  return require.includes("provenance") ? ["digest", "provenance"] : ["digest"];
}

/** The keys that may sign an index must also have signed its packages, unless the config says otherwise. */
export function signedPolicy(
  { policy, require }: ConfiguredRepository,
  { keySet }: Pick<IndexTrust, "keySet">,
): Policy {
  const keys = keySet.keys.map(parsePublicKey);
  if (require !== null) return { ...policy, keys };
  return { ...policy, keys, require: [...new Set<Check>(["digest", "checksum", "signature", ...policy.require])] };
}

function originOf(entry: PackageEntry, snapshot: Snapshot | null): PackageOrigin {
  const { artifact } = entry;
  if (artifact.kind === "http") return httpOrigin(entry, artifact);
  const reference = parseReference(artifact.reference);
  if (entry.keg !== null) return bottleAt(entry, reference);
  if (snapshot !== null) {
    const older = { ...reference, tag: snapshot.tag, digest: null };
    return artifactOrigin({ kind: "registry", reference: older }, { blob: null, manifest: null });
  }
  // Tags move, digests do not.
  const exact = artifact.manifest === null ? reference : { ...reference, digest: artifact.manifest };
  const blob = artifact.blob ?? digestOf(entry.sha256);
  return artifactOrigin({ kind: "registry", reference: exact }, { blob, files: artifact.files, manifest: null });
}

function bottleAt(entry: PackageEntry, reference: Reference): PackageOrigin {
  const blob = entry.artifact.kind === "oci" ? (entry.artifact.blob ?? digestOf(entry.sha256)) : null;
  if (blob !== null) return bottleOrigin({ kind: "registry", reference }, blob);
  throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${entry.name}": its index entry names no bottle`);
}

function digestOf(sha256: string | null): Digest | null {
  return sha256 === null ? null : sha256Digest(sha256);
}

function httpOrigin(
  entry: PackageEntry,
  artifact: PackageEntry["artifact"] & { readonly kind: "http" },
): PackageOrigin {
  const blob = digestOf(entry.sha256);
  if (blob === null) {
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${entry.name}": its index entry states no SHA-256`);
  }
  return downloadOrigin(artifact.url, blob, artifact.files);
}
