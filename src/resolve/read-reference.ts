import { basename } from "node:path";
import { listSome } from "../base/lists.ts";
import type { RetrySettings } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { isImage } from "../image/image-layers.ts";
import { openLocation } from "../network/open-location.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { isLocal } from "../oci/local-target.ts";
import { formatLocation, keyIn, type Location, type LocationKey, withKey } from "../oci/location.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { PACKAGE_TYPE } from "../package/artifact-types.ts";
import type { WrittenFacts } from "../package/facts.ts";
import type { ImageWish } from "../package/image.ts";
import { isSafeName } from "../package/names.ts";
import { withoutHost } from "../package/platform.ts";
import { isMade, type Policy } from "../package/policy.ts";
import { newestTagsFirst } from "../package/tag-order.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { programNames } from "../package-format/package-files.ts";
import { tagAdmits } from "../package-format/tags.ts";
import { artifactOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import { readWrittenFacts } from "../sources/read-facts.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Generations } from "../state/generations.ts";
import type { Installations } from "../state/installations.ts";
import { readImageFacts } from "./image-facts.ts";
import { otherTag } from "./other-tag.ts";

/** What a manifest says about its package. */
export interface ReferenceFacts extends Pick<Resolution, "name" | "version" | "origin"> {
  /** What its publisher signed about it, if there is a key to verify that with; not verified yet. */
  readonly written: WrittenFacts | null;
}

/** A version that can be shown, and used in a file name. */
const isVersion = (text: string) => /^[^\s\p{Cc}\p{Cf}]{1,128}$/u.test(text);

/**
 * Reads the manifest that a reference names, or learns that it names a blob; with keys, the signed facts as well.
 *
 * @throws {PkgError} OFFLINE, PLATFORM_UNSUPPORTED, REFERENCE_INVALID, PACKAGE_UNINSTALLABLE; those of the place
 */
export async function readReference(context: ReferenceContext, request: ReferenceRequest): Promise<ReferenceFacts> {
  const { sources, signal } = context;
  const { location, text } = request;
  const purpose = { task: `fetch "${text}"`, namedBy: "person" } as const;
  const { place, close } = await openLocation(sources.network, location, purpose);
  try {
    return await readFrom(context, place, request).catch(async (error: unknown) =>
      readFrom(context, place, {
        ...request,
        location: await otherTag({ ...request, place, host: sources.machine.host, error, signal }),
      }),
    );
  } finally {
    await close();
  }
}

/** A reference to read. */
export interface ReferenceRequest {
  readonly location: Location;
  /** As it was typed, for messages. */
  readonly text: string;
  /** Whether its tag or digest was typed. */
  readonly isTyped: boolean;
  readonly policy: Policy;
  /** The version that is installed from there; null: none. */
  readonly installed: string | null;
  /** What is wanted of it, if it is an image. */
  readonly wish: ImageWish;
  /** Whether that was typed, so that it has to be an image. */
  readonly isWished: boolean;
  /** As in NamedImage. */
  readonly isOnlyShown: boolean;
}

function noImage(text: string): PkgError {
  return new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot take programs out of "${text}": it is a package, expected a container image`,
    { hint: "Leave out --program and --with-libraries, which are for images" },
  );
}

async function readFrom(context: ReferenceContext, place: Source, request: ReferenceRequest): Promise<ReferenceFacts> {
  const { location, policy } = request;
  const { sources, signal } = context;
  const { key, pinned } = await chooseKey(place, location, signal);
  const choice = { source: place, key, platform: null, machine: sources.machine, signal };
  return withManifestOrBlob(choice, async (found) => {
    if (found.kind === "manifest" && isImage(found.manifest)) {
      const named = { place, manifest: found.manifest, ...request, location: pinned };
      const facts = await readImageFacts(context, named);
      return { ...facts, name: facts.name ?? nameOf(pinned, found.manifest), written: null };
    }
    if (request.isWished) throw noImage(request.text);
    if (found.kind === "blob") return blobFacts(pinned, found.digest);
    const { name, ...facts } = manifestFacts(pinned, found.manifest, policy);
    const written = isMade(policy, "facts") ? await writtenFacts(context, place, { ...found, name, policy }) : null;
    return { ...facts, name, written };
  });
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
  const tags = newestTagsFirst(await place.listTags(signal));
  const [digest = null] = manifests;
  if (manifests.length !== 1 || digest === null) throw noTag(place, manifests.length, tags);
  const [tag = null] = tags;
  return { key: tag ?? digest, pinned: withKey(location, tag === null ? { tag, digest } : { tag, digest: null }) };
}

const MAX_LISTED_TAGS = 8;

function noTag({ location }: Source, manifests: number, tags: readonly string[]): PkgError {
  const listed = tags.length === 0 ? "" : `; its tags are ${listSome(tags, MAX_LISTED_TAGS)}`;
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot use "${location}": expected a tag, as it holds ${manifests} manifests${listed}`,
    { hint: `Add one: ${location}:${tags[0] ?? "TAG"}` },
  );
}

/** The signed facts; which of its programs will be placed is not known yet. */
function writtenFacts(
  { retry, signal }: ReferenceContext,
  place: Source,
  { manifest, name, policy }: { readonly manifest: Manifest; readonly name: string; readonly policy: Policy },
): Promise<WrittenFacts | null> {
  const request = { layers: layersByTitle(manifest), name, main: null };
  return readWrittenFacts(place, request, { keys: policy.keys, retry, signal });
}

/**
 * What the manifest says, which nobody signed: where signed facts are looked for, neither its title nor its version counts,
 * and a package without them gets the name and the tag that were typed.
 */
function manifestFacts(location: Location, manifest: Manifest, policy: Policy): Omit<ReferenceFacts, "written"> {
  const origin = artifactOrigin(location, { blob: null, manifest });
  const { tag } = keyIn(origin.location);
  const counts = manifest.artifactType === PACKAGE_TYPE && !isMade(policy, "facts");
  const { [VERSION_ANNOTATION]: version = "", [TITLE_ANNOTATION]: title = "" } = counts ? manifest.annotations : {};
  return {
    name: isSafeName(title) ? title : nameOf(location, manifest),
    version: isVersion(version) && tagAdmits(tag ?? "", version) ? version : tagVersion(keyIn(origin.location)),
    origin,
  };
}

function blobFacts(location: Location, blob: Digest): ReferenceFacts {
  const origin = artifactOrigin(location, { blob, manifest: null });
  return { name: origin.mainName ?? "", version: tagVersion(keyIn(location)), origin, written: null };
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
  /** What was installed before, and is kept; absent: nothing. */
  readonly generations?: Pick<Generations, "editions" | "edition">;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}
