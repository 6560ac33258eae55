import type { WorkOptions } from "../base/work-options.ts";
import { PkgError } from "../errors.ts";
import type { BlobWritten, Target } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED } from "../oci-tools/artifact-content.ts";
import type { PreparedBlob } from "../oci-tools/artifact-layers.ts";
import { pushBlobs } from "../oci-tools/push-content.ts";
import { setTag } from "../oci-tools/set-tag.ts";
import type { Publication } from "../package/publication.ts";
import { otherSpelling } from "../package/version.ts";
import { describeBuild } from "../package-format/hosts.ts";
import { versionTag } from "../package-format/tags.ts";
import type { BuiltPublication } from "./build-publication.ts";
import { concede, lookAgain, setPlatformTags } from "./platform-tags.ts";
import { readTag, type TaggedVersion } from "./tagged-version.ts";

/** A publication to push, and where. */
export interface PushPublicationRequest {
  readonly place: Target;
  /** What the version's tag named before anything was sent; null: nothing. */
  readonly before: TaggedVersion | null;
  readonly publication: Publication;
  readonly built: BuiltPublication;
  /** Replaces what the version's tag names. */
  readonly force: boolean;
  /** Rolling tags are moved afterwards. */
  readonly rolling: boolean;
  /** Another repository of the registry that may hold the blobs; null: none. */
  readonly mountFrom: string | null;
  /** How those blobs got there that are there already. */
  readonly sentAhead: ReadonlyMap<Digest, BlobWritten>;
  /**
   * Pushes what refers to the manifests, once they are there and before any tag names them: a registry that refuses it is
   * found out while nothing is public yet. Null: nothing does.
   */
  readonly attach: (() => Promise<void>) | null;
}

/** What was pushed. */
export interface PushedPublication {
  readonly how: "published" | "replaced" | "existed";
  /** What the version's tag named before; null when it named nothing, or the same. */
  readonly replaced: Digest | null;
  /** How each blob got there: sent, mounted, or already present. */
  readonly blobs: ReadonlyMap<Digest, BlobWritten>;
  /** False when all tags named what is published already, so that nobody else's can have been overwritten. */
  readonly hasSetTags: boolean;
}

/**
 * Pushes everything but rolling tags: blobs, what is attached, each platform's manifest, then the image index under the version's tag.
 * Nothing but attachments is sent when that tag names the same image index already. A version belongs to whoever set its tag and still finds it afterwards.
 *
 * @throws {PkgError} VERSION_EXISTS when it names other content, unless that is to be replaced, and when somebody else publishes the
 * version at the same time; those of the place
 */
export async function pushPublication(
  request: PushPublicationRequest,
  options: WorkOptions,
): Promise<PushedPublication> {
  const { before, built, sentAhead } = request;
  const { signal } = options;
  const isThere = before?.digest === built.imageIndex.digest;
  if (!isThere) refuseReplacing(request, before);
  if (before === null) await refuseOtherSpelling(request, signal);
  const blobs = isThere ? sentAhead : new Map([...(await pushRest(request, options)), ...sentAhead]);
  await attachUntagged(request, { isThere, signal });
  const hasSetTags = (await setPlatformTags(request, signal)) || !isThere;
  const replaced = isThere ? null : await setVersionTag(request, signal);
  if (hasSetTags) await lookAgain(request, [], signal);
  return { how: isThere ? "existed" : replaced === null ? "published" : "replaced", replaced, blobs, hasSetTags };
}

/** Pushes the blobs that are not there already. */
function pushRest(
  { place, built, mountFrom, sentAhead }: PushPublicationRequest,
  options: WorkOptions,
): Promise<ReadonlyMap<Digest, BlobWritten>> {
  const layers = layersOf(built).filter(({ descriptor }) => !sentAhead.has(descriptor.digest));
  return pushBlobs({ place, config: EMPTY_PREPARED, layers, mountFrom }, options);
}

/** Attachments refer to manifests by their digests, under which these are pushed first. */
async function attachUntagged(
  { place, built, attach }: PushPublicationRequest,
  { isThere, signal }: { readonly isThere: boolean; readonly signal: AbortSignal },
): Promise<void> {
  if (attach === null) return;
  const documents = isThere ? [] : [...built.packages.map(({ manifest }) => manifest), built.imageIndex];
  for (const document of documents) await place.pushManifest({ ...document, tag: null }, signal);
  await attach();
}

/** Others may have published this version while the blobs were sent. Gives what the tag named before. */
async function setVersionTag(request: PushPublicationRequest, signal: AbortSignal): Promise<Digest | null> {
  const { place, built } = request;
  const { imageIndex, versionTag: tag } = built;
  const now = await readTag(place, tag, signal);
  if (now?.digest === imageIndex.digest) return null;
  try {
    refuseReplacing(request, now);
  } catch (error) {
    if (now !== null) await concede(request, { to: now.digest, rolled: [] }, signal);
    throw error;
  }
  const before = now?.digest ?? null;
  await setTag(place, { document: imageIndex, tag, before }, signal);
  return before;
}

function refuseReplacing(
  { place, publication, built, force }: PushPublicationRequest,
  found: TaggedVersion | null,
): void {
  if (found === null || force) return;
  const { version } = publication;
  const name = `${place.location}:${built.versionTag}`;
  if (found.version !== null && found.version !== version) {
    throw new PkgError(
      "VERSION_EXISTS",
      `Cannot publish version "${version}": the tag "${name}" names version "${found.version}", which is another one`,
      { hint: "Choose a version whose tag is free; --force replaces what the tag names" },
    );
  }
  throw new PkgError(
    "VERSION_EXISTS",
    `Cannot publish version "${version}": "${name}" has other content, expected "${built.imageIndex.digest}", found "${found.digest}"`,
    { hint: "Publish it as a new version; --force replaces it, and those who have it installed are not told" },
  );
}

/** `v1.0.0` and `1.0.0` are one version, which belongs to whoever has published it under either. */
async function refuseOtherSpelling(
  { place, publication: { version }, force }: PushPublicationRequest,
  signal: AbortSignal,
): Promise<void> {
  const other = otherSpelling(version);
  if (force || other === null) return;
  const found = await readTag(place, versionTag(other), signal);
  // A rolling tag (`1` beside `v1`) names a longer version.
  if (found?.version !== other) return;
  throw new PkgError(
    "VERSION_EXISTS",
    `Cannot publish version "${version}": the tag "${place.location}:${versionTag(other)}" names version "${other}", which is the same one`,
    { hint: "Publish a new version; --force publishes it under both names" },
  );
}

/** Every blob once. Progress names the platform of a blob that only one of several platforms has. */
function layersOf({ packages }: BuiltPublication): readonly PreparedBlob[] {
  const named = packages.flatMap(({ program, layers }) =>
    layers.map((blob) => ({ ...blob, name: `${blob.name} (${describeBuild(program)})` })),
  );
  const plain = packages.length === 1 ? packages.flatMap(({ layers }) => layers) : named;
  const groups = Map.groupBy(plain, ({ descriptor }) => descriptor.digest);
  return [...groups.values()].flatMap(([blob, ...others]) => {
    if (blob === undefined) return [];
    return [others.length === 0 ? blob : { ...blob, name: blob.descriptor.annotations[TITLE_ANNOTATION] ?? blob.name }];
  });
}
