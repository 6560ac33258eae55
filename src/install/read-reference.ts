import { basename } from "node:path";
import { PkgError } from "../errors.ts";
import { openLocation } from "../network/open-location.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { isLocal } from "../oci/local-target.ts";
import { formatLocation, keyIn, type Location, type LocationKey, withKey } from "../oci/location.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { isSafeName } from "../package/names.ts";
import { withoutHost } from "../package/platform.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { PACKAGE_TYPE } from "../package-format/documents.ts";
import { programNames } from "../package-format/package-files.ts";
import { artifactOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";

/** What a manifest says about its package. */
export type ReferenceFacts = Pick<Resolution, "name" | "version" | "origin">;

/** A version that can be shown, and used in a file name. */
const VERSION = /^[^\s\p{Cc}\p{Cf}]{1,128}$/u;

/**
 * Reads the manifest that a reference names, or learns that it names a blob.
 *
 * @param text as it was typed, for messages
 * @throws {PkgError} OFFLINE, PLATFORM_UNSUPPORTED, REFERENCE_INVALID, PACKAGE_UNINSTALLABLE; those of the place
 */
export async function readReference(
  { sources, signal }: ReferenceContext,
  location: Location,
  text: string,
): Promise<ReferenceFacts> {
  const purpose = { task: `fetch "${text}"`, namedBy: "person" } as const;
  const { place, close } = await openLocation(sources.network, location, purpose);
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

/** The tag or digest that was named; else, in a layout with a single manifest, that of the manifest. */
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

function manifestFacts(location: Location, manifest: Manifest): ReferenceFacts {
  const origin = artifactOrigin(location, { blob: null, manifest });
  const { [VERSION_ANNOTATION]: version = "", [TITLE_ANNOTATION]: title = "" } =
    manifest.artifactType === PACKAGE_TYPE ? manifest.annotations : {};
  return {
    name: isSafeName(title) ? title : nameOf(location, manifest),
    version: VERSION.test(version) ? version : tagVersion(keyIn(origin.location)),
    origin,
  };
}

function blobFacts(location: Location, blob: Digest): ReferenceFacts {
  const origin = artifactOrigin(location, { blob, manifest: null });
  return { name: origin.mainName ?? "", version: tagVersion(keyIn(location)), origin };
}

/** A registry's repository has a name. A layout may be called anything, so the name of its only program comes first. */
function nameOf(location: Location, manifest: Manifest): string {
  if (location.kind === "registry") return basename(location.reference.name);
  const [program, ...others] = programNames([...layersByTitle(manifest).keys()]);
  if (program !== undefined && others.length === 0 && isSafeName(program)) return program;
  const name = basename(location.path).replace(/\.tar$/, "");
  if (isSafeName(name)) return name;
  throw new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot install "${formatLocation(location)}": its manifest does not give a name, and "${name}" cannot be a package's name`,
    { hint: "Publish it with `pkg publish`, which writes the name into its manifest, or rename the directory" },
  );
}

/** The tag without the platform that publishers commonly append, else a short digest. */
function tagVersion({ tag, digest }: LocationKey): string {
  if (tag !== null) return withoutHost(tag);
  return digest === null ? "latest" : digestHex(digest).slice(0, 12);
}

/** What reading a reference needs. */
export interface ReferenceContext {
  readonly sources: SourceContext;
  readonly installations: Installations;
  readonly signal: AbortSignal;
}
