import type { LockedPackage } from "../declare/lock-file.ts";
import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import { keyIn, parseLocation, withKey } from "../oci/location.ts";
import type { Installation } from "../package/installation.ts";
import type { KegFacts } from "../package/keg.ts";
import type { Provide } from "../package/metadata.ts";
import { programLinks } from "../package/place.ts";
import { type Check, NO_EXPECTATION, type Policy } from "../package/policy.ts";
import { artifactOrigin, bottleOrigin, downloadOrigin, imageOrigin, type PackageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { type LockedContext, lockedPolicy } from "./locked-resolution.ts";
import { referencePolicy } from "./resolve-reference.ts";

/** What a recorded package is resolved with; no index is fetched. */
export type RecordedContext = Pick<LockedContext, "config" | "pins" | "indexes">;

/**
 * The resolution of exactly what was installed once, by its digests. What it was checked by then is required again, and all
 * that the config and the pinned keys require now; what a person chose to skip then is skipped again.
 *
 * @throws {PkgError} REPOSITORY_UNKNOWN, REPOSITORY_DISABLED, CONFIG_INVALID; KEY_INVALID
 */
export function recordedResolution(context: RecordedContext, recorded: Installation): Resolution {
  return recordedAs(context, recorded, (origin) => policyOf(context, recorded, origin));
}

/** The same, by another policy. */
export function recordedAs(
  context: Pick<RecordedContext, "config" | "indexes">,
  recorded: Installation,
  policyFor: (origin: PackageOrigin) => Policy,
): Resolution {
  const origin = originOf(context, recorded);
  const { name, packageName, version, repository, owner, packageId, family, type, publisherKey } = recorded;
  const { wish, requested, dependencies, isDependency, signedAs } = recorded;
  return {
    ...{ name, packageName, version, repository, owner, packageId, family, type, publisherKey, origin },
    ...{ wish, requested, dependencies, isDependency },
    ...(recorded.isPinned ? { isPinned: true as const } : {}),
    policy: policyFor(origin),
    provides: providesOf(recorded),
    aliases: [],
    keg: kegOf(context, recorded),
    expected: expectedOf(recorded),
    indexSigned: null,
    facts:
      origin.kind === "artifact"
        ? {
            ...{ name: packageName, version, repository: signedAs, signedBefore: signedAs },
            machine: context.config,
            ...{ tellsMissing: false, written: null },
          }
        : null,
    isOtherVersion: true,
  };
}

function originOf({ indexes }: Pick<RecordedContext, "indexes">, recorded: Installation): PackageOrigin {
  const { reference, programDigest, manifestDigest, keg, image } = recorded;
  if (/^https?:\/\//i.test(reference)) return downloadOrigin(reference, programDigest, mappedIn(indexes, recorded));
  const location = parseLocation(reference);
  if (keg !== null) return bottleOrigin(location, programDigest);
  const digest = manifestDigest ?? keyIn(location).digest ?? programDigest;
  const exact = withKey(location, { tag: keyIn(location).tag, digest });
  if (image !== null) return imageOrigin(exact, { manifest: null, config: null, image });
  return artifactOrigin(exact, { blob: programDigest, manifest: null });
}

/** What of a download is placed, as its index says it still; else all of it is unpacked. */
function mappedIn(indexes: RecordedContext["indexes"], recorded: Installation) {
  const entries = entriesOf(indexes, recorded);
  const own = entries.find(({ artifact, version }) => artifact.kind === "http" && version === recorded.version);
  return own?.artifact.kind === "http" ? own.artifact.files : [];
}

/** What the index that is at hand has of the same package, in any version. */
function entriesOf(indexes: RecordedContext["indexes"], { repository, packageId, packageName }: Installation) {
  const index = repository === null ? null : indexes.open(repository);
  if (index === null) return [];
  try {
    return index.byName(packageName).filter(({ id }) => id === packageId);
  } finally {
    index.close();
  }
}

/** What its formula says of it in the same version, or in the one of now; where it is gone, as little as can be. */
function kegOf({ indexes }: Pick<RecordedContext, "indexes">, recorded: Installation): KegFacts | null {
  const { keg, version } = recorded;
  if (keg === null) return null;
  const entries = entriesOf(indexes, recorded);
  const said = entries.find((entry) => entry.version === version)?.keg ?? entries[0]?.keg ?? NOTHING_SAID;
  return { ...said, kegOnly: keg.kegOnly, versionScheme: keg.versionScheme };
}

const NOTHING_SAID: KegFacts = {
  ...{ cellar: "any", bottleTag: "", versionScheme: 0, kegOnly: null, needsBuildPrefix: false, conflicts: [] },
  ...{ deprecated: null, disabled: null, caveats: null, postInstall: { kind: "none" }, hasService: false },
};

function policyOf(
  context: RecordedContext,
  { name, version, repository, publisherKey, checks, skipped, provenance }: Installation,
  { kind, hasEvidence }: PackageOrigin,
): Policy {
  const cannot = `Cannot fetch "${name}" ${version} again`;
  if (repository === null) {
    const policy = referencePolicy(publisherKey, skipped);
    return { ...policy, require: withMade(policy.require, checks) };
  }
  const base = lockedPolicy(
    { ...context, skip: skipped },
    { item: { name, kind, require: [...checks], ...builtBy(provenance) }, repository, hasEvidence, cannot },
  );
  return base;
}

function withMade(required: readonly Check[], made: readonly Check[]): readonly Check[] {
  return [...new Set([...required, ...made])];
}

/** Who built it, as it was verified then. */
function builtBy(provenance: string | null): Pick<LockedPackage, "built_by"> {
  if (provenance === null) return {};
  const { identity, issuer } = JSON.parse(provenance) as { readonly identity: string; readonly issuer: string };
  return { built_by: { identity, issuer } };
}

function expectedOf({ image, expected, programDigest }: Installation): Resolution["expected"] {
  if (image !== null) return NO_EXPECTATION;
  const isSha256 = digestAlgorithm(programDigest) === "sha256";
  return { ...expected, sha256: isSha256 ? digestHex(programDigest) : expected.sha256 };
}

/** The names of its programs, as they are linked. */
function providesOf({ links }: Installation): readonly Provide[] {
  const byTarget = Map.groupBy(programLinks(links), ({ target }) => target.slice(target.lastIndexOf("/") + 1));
  return [...byTarget].map(([program, all]) => ({ program, links: all.map(({ path }) => path) }));
}
