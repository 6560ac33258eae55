import { basename } from "node:path";
import { PkgError } from "../errors.ts";
import { openLocation } from "../network/open-location.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { isLocal } from "../oci/local-target.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import type { Installation } from "../package/installation.ts";
import { isSafeName } from "../package/names.ts";
import { withoutHost } from "../package/platform.ts";
import { NO_EXPECTATION, type Policy, type Waiver } from "../package/policy.ts";
import type { ReferenceSpec } from "../package/spec.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { PACKAGE_TYPE } from "../package-format/documents.ts";
import { programNames } from "../package-format/package-files.ts";
import { artifactOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withoutFreshness } from "../repositories/use-index.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { storedManifest } from "./stored-package.ts";

export interface ReferenceContext {
  readonly sources: SourceContext;
  readonly installations: Installations;
  readonly signal: AbortSignal;
}

export interface ReferenceOptions {
  readonly skip: readonly Waiver[];
  /** The publisher's public key, as a person gave it; null: none. */
  readonly key: string | null;
}

/** A version that may be shown and be part of a path's name. */
const VERSION = /^[^\s\p{Cc}\p{Cf}]{1,128}$/u;

/**
 * What a direct reference means: a place in a registry, in an OCI layout, or in a tar of one. Its manifest is read, which
 * tells version and name of what `pkg publish` made, and the digest that a tag stands for; not for what is installed by its
 * digest, nor for a registry offline.
 *
 * A reference has no repository: digests are checked, the CHECKSUM where there is one, and signatures by the key that a
 * person gave, now or when it was installed.
 *
 * @throws {PkgError} KEY_INVALID, OFFLINE, PLATFORM_UNSUPPORTED; REFERENCE_INVALID where a layout holds several manifests
 * and no tag was named; and those of the place
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
    ...(known ?? (await readFacts(context, location, typed.text))),
    // A path may have been typed relative to a directory that is another one at the next update.
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

type Key = { readonly tag: string | null; readonly digest: Digest | null };

function keyIn(location: Location): Key {
  return location.kind === "registry" ? location.reference : location;
}

function withKey(location: Location, key: Key): Location {
  return location.kind === "registry"
    ? { ...location, reference: { ...location.reference, ...key } }
    : { ...location, ...key };
}

/** In a registry, without tag and digest, the newest release is meant, which publishers tag so. */
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

type Facts = Pick<Resolution, "name" | "version" | "origin">;

/** As it is installed, where nothing has to be asked for: digests do not move, and offline no registry can be asked. */
async function knownFacts(
  { sources }: ReferenceContext,
  location: Location,
  installed: Installation,
): Promise<Facts | null> {
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

async function readFacts({ sources, signal }: ReferenceContext, location: Location, text: string): Promise<Facts> {
  const access = { task: `fetch "${text}"`, namedBy: "person" } as const;
  const { place, close } = await openLocation(sources.network, location, access);
  try {
    const { key, pinned } = await chooseKey(place, location, signal);
    const choice = { source: place, key, platform: null, machine: sources.machine, signal };
    return await withManifestOrBlob(choice, async (found) =>
      found.kind === "manifest" ? manifestFacts(pinned, found.manifest) : blobFacts(pinned, found.digest),
    );
  } finally {
    await close();
  }
}

/** The tag or digest that is named; in a layout that holds one manifest alone, its tag or digest. */
async function chooseKey(
  place: Source,
  location: Location,
  signal: AbortSignal,
): Promise<{ readonly key: ManifestKey; readonly pinned: Location }> {
  const named = keyIn(location);
  const key = named.digest ?? named.tag;
  if (key !== null) return { key, pinned: location };
  const manifests = isLocal(place) ? await place.listManifests() : [];
  const tags = await place.listTags(signal);
  const [digest = null] = manifests;
  if (manifests.length !== 1 || digest === null) throw noTag(place, manifests.length, tags);
  const [tag = null] = tags;
  return { key: tag ?? digest, pinned: withKey(location, tag === null ? { tag, digest } : { tag, digest: null }) };
}

const MAX_LISTED_TAGS = 8;

function noTag({ location }: Source, manifests: number, tags: readonly string[]): PkgError {
  const listed = tags.length === 0 ? "" : `; its tags are ${tags.slice(0, MAX_LISTED_TAGS).join(", ")}`;
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot use "${location}": expected a tag, as it holds ${manifests} manifests${listed}`,
    { hint: `Add one: ${location}:${tags[0] ?? "TAG"}` },
  );
}

function manifestFacts(location: Location, manifest: Manifest): Facts {
  const origin = artifactOrigin(location, { blob: null, manifest });
  const { [VERSION_ANNOTATION]: version = "", [TITLE_ANNOTATION]: title = "" } =
    manifest.artifactType === PACKAGE_TYPE ? manifest.annotations : {};
  return {
    name: isSafeName(title) ? title : nameOf(location, manifest),
    version: VERSION.test(version) ? version : tagVersion(keyIn(origin.location)),
    origin,
  };
}

function blobFacts(location: Location, blob: Digest): Facts {
  const origin = artifactOrigin(location, { blob, manifest: null });
  return { name: origin.mainName ?? "", version: tagVersion(keyIn(location)), origin };
}

/** A registry's repository has a name; a layout is called whatever its directory is, and its one program tells more. */
function nameOf(location: Location, manifest: Manifest): string {
  if (location.kind === "registry") return basename(location.reference.name);
  const [program, ...others] = programNames([...layersByTitle(manifest).keys()]);
  if (program !== undefined && others.length === 0 && isSafeName(program)) return program;
  const name = basename(location.path).replace(/\.tar$/, "");
  if (isSafeName(name)) return name;
  throw new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot install "${formatLocation(location)}": it does not say what it is called, and "${name}" cannot be a package's name`,
    { hint: "Publish it with `pkg publish`, which writes the name into its manifest, or rename the directory" },
  );
}

/** The tag without the platform that today's registries end it with, else a short digest. */
function tagVersion({ tag, digest }: Key): string {
  if (tag !== null) return withoutHost(tag);
  return digest === null ? "latest" : digestHex(digest).slice(0, 12);
}
