import { formatLocation, keyIn, type Location, withKey } from "../oci/location.ts";
import type { Installation } from "../package/installation.ts";
import { NO_EXPECTATION, type Policy, type Waiver } from "../package/policy.ts";
import type { ReferenceSpec } from "../package/spec.ts";
import { artifactOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withoutFreshness } from "../repositories/use-index.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { type ReferenceContext, type ReferenceFacts, readReference } from "./read-reference.ts";
import { storedManifest } from "./stored-package.ts";

export interface ReferenceOptions {
  readonly skip: readonly Waiver[];
  /** The publisher's public key, as a person gave it; null: none. */
  readonly key: string | null;
}

/**
 * Resolves a direct reference: a place in a registry, in an OCI layout, or in a tar of one. Its manifest gives the version
 * and name of a package that `pkg publish` made, and the digest that a tag stands for. It is not read for a package that is
 * already installed by this digest, nor from a registry when offline.
 *
 * A reference has no repository: digests are checked, the CHECKSUM if there is one, and signatures by the key that a
 * person gave, now or when it was installed.
 *
 * @throws {PkgError} KEY_INVALID, OFFLINE, PLATFORM_UNSUPPORTED; REFERENCE_INVALID if a layout holds several manifests
 * and no tag was named; those of the place
 */
export async function resolveReference(
  context: ReferenceContext,
  typed: ReferenceSpec,
  options: ReferenceOptions,
): Promise<Resolution> {
  const location = withLatest(typed.location);
  const packageId = formatLocation(withKey(location, { tag: null, digest: null }));
  const installed = installedFrom(context.installations, packageId);
  const publisherKey = options.key ?? installed?.publisherKey ?? null;
  const known = installed === null ? null : await knownFacts(context, location, installed);
  return {
    ...(known ?? (await readReference(context, location, typed.text))),
    // Absolute, since the next update may run in another directory.
    requested: location.kind === "registry" ? typed.text : formatLocation(typed.location),
    repository: null,
    packageId,
    family: "",
    type: "",
    provides: [],
    expected: NO_EXPECTATION,
    policy: referencePolicy(publisherKey, withoutFreshness(options.skip)),
    publisherKey,
  };
}

/** A registry reference without tag and digest means the newest release, which publishers tag `latest`. */
function withLatest(location: Location): Location {
  const { tag, digest } = keyIn(location);
  return location.kind === "registry" && tag === null && digest === null
    ? withKey(location, { tag: "latest", digest })
    : location;
}

function referencePolicy(key: string | null, skip: readonly Waiver[]): Policy {
  const common = { allowLegacy: false, provenance: null, skip };
  if (key === null) return { ...common, require: ["digest"], keys: [] };
  return { ...common, require: ["digest", "checksum", "signature"], keys: [parsePublicKey(key)] };
}

function installedFrom(installations: Installations, packageId: string): Installation | null {
  const found = installations.list().find((item) => item.repository === null && item.packageId === packageId);
  return found === undefined ? null : installations.get(found.name);
}

/** The recorded facts of the installation, if no request is needed (a digest never moves) or possible (offline); else null. */
async function knownFacts(
  { sources }: ReferenceContext,
  location: Location,
  installed: Installation,
): Promise<ReferenceFacts | null> {
  const { name, version, manifestDigest, programDigest } = installed;
  const { digest } = keyIn(location);
  const isExact = digest !== null && [manifestDigest, programDigest].includes(digest);
  if (!isExact && !(await isAllThereIs(sources, location, installed))) return null;
  const manifest = storedManifest(installed);
  const blob = manifest === null ? programDigest : null;
  return { name, version, origin: artifactOrigin(location, { blob, manifest }) };
}

async function isAllThereIs({ network }: SourceContext, location: Location, installed: Installation): Promise<boolean> {
  const isSame = location.kind === "registry" && installed.reference === formatLocation(location);
  return isSame && (await network()).isOffline;
}
