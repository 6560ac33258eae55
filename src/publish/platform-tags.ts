import { isDeepStrictEqual } from "node:util";
import { sleep } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { tagText } from "../oci/reference.ts";
import { setTag, tagDigest } from "../oci-tools/set-tag.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import type { BuiltPublication } from "./build-publication.ts";

/** A version whose tags are set. */
export interface TagsRequest {
  readonly place: Target;
  readonly built: Pick<BuiltPublication, "packages" | "imageIndex" | "versionTag" | "rollingTags">;
  /** Rolling tags are moved too: somebody else's show which image index was theirs. */
  readonly rolling: boolean;
}

/** Others may set tags at the same time: what they set back is set again this often. */
const MAX_ROUNDS = 3;

/** How often, and how long apart, to look whether somebody else gives tags back. */
const MAX_LOOKS = 10;
const LOOK_AFTER_MS = 200;

/**
 * Sets the tags of all platforms, unless they are set already. If somebody else sets them at the same time, the version's tag decides
 * whose they are: who has set any has to look again.
 *
 * @returns whether any was set
 * @throws {PkgError} those of the place
 */
export async function setPlatformTags({ place, built }: TagsRequest, signal: AbortSignal): Promise<boolean> {
  const looked = await Promise.all(
    built.packages.map(async ({ tag, manifest }) => ({ tag, manifest, named: await tagDigest(place, tag, signal) })),
  );
  const others = looked.filter(({ manifest, named }) => named !== manifest.digest);
  for (const [index, { tag, manifest, named }] of others.entries()) {
    // Somebody else may have set it while those before it were set.
    const before = index === 0 ? named : await tagDigest(place, tag, signal);
    await setTag(place, { document: manifest, tag, before }, signal);
  }
  return others.length > 0;
}

/**
 * Looks again once everything is written: the version's tag must still name what was published, and so must those of the platforms.
 * The latter are set again if somebody who lost the version has set them.
 *
 * @param rolled rolling tags that were moved; if the version is lost, they are given to whoever has it
 * @throws {PkgError} VERSION_EXISTS; those of the place
 */
export async function lookAgain(request: TagsRequest, rolled: readonly string[], signal: AbortSignal): Promise<void> {
  const { place, built } = request;
  for (let round = 1; ; round += 1) {
    const named = await tagDigest(place, built.versionTag, signal);
    if (named !== built.imageIndex.digest) {
      if (named !== null) await concede(request, { to: named, rolled }, signal);
      throw lost(request, named);
    }
    const moved = await findMoved(request, signal);
    if (moved === null) return;
    if (round === 1) await yieldToOther(request, moved, signal);
    if (round > MAX_ROUNDS) throw torn(request, moved);
    const isSettled = request.rolling && built.rollingTags.length > 0;
    if (!isSettled && (await isGivenBack(request, signal))) return;
    await setPlatformTags(request, signal);
    if (!isSettled) throw unclear(request, moved);
  }
}

/** True when the tags of all platforms are given back in the next moments: whoever set them has seen that the version is taken. */
async function isGivenBack(request: TagsRequest, signal: AbortSignal): Promise<boolean> {
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    await sleep(LOOK_AFTER_MS, signal);
    if ((await findMoved(request, signal)) === null) return true;
  }
  return false;
}

interface MovedTag {
  readonly tag: string;
  /** What it names. */
  readonly named: Digest | null;
}

/** The first platform's tag that does not name what was published. */
async function findMoved({ place, built }: TagsRequest, signal: AbortSignal): Promise<MovedTag | null> {
  for (const { tag, manifest } of built.packages) {
    const named = await tagDigest(place, tag, signal);
    if (named !== manifest.digest) return { tag, named };
  }
  return null;
}

/**
 * If rolling tags lead to another image index of the version, somebody else has published it, and theirs was overwritten in the
 * moment between reading the version's tag and setting it: the tags are given back to them.
 */
async function yieldToOther(request: TagsRequest, moved: MovedTag, signal: AbortSignal): Promise<void> {
  const { place, built } = request;
  const theirs = await findTheirs(request, moved, signal);
  if (theirs === null) return;
  const document = await place.fetchDocument(theirs, signal);
  await setTag(place, { document, tag: built.versionTag, before: built.imageIndex.digest }, signal);
  await concede(request, { to: theirs, rolled: [] }, signal);
  throw lost(request, theirs);
}

/** The image index that lists the manifest which a platform's tag names, among those that rolling tags name. */
async function findTheirs(
  { place, built }: TagsRequest,
  { named }: MovedTag,
  signal: AbortSignal,
): Promise<Digest | null> {
  for (const tag of built.rollingTags) {
    const digest = await tagDigest(place, tag, signal);
    if (digest === null || digest === built.imageIndex.digest) continue;
    const document = await place.fetchManifest(digest, signal);
    if (document.kind !== "index") continue;
    const { manifests, annotations } = document.index;
    const isSameVersion = tagText(annotations[VERSION_ANNOTATION] ?? "") === built.versionTag;
    if (isSameVersion && manifests.some((listed) => listed.digest === named)) return digest;
  }
  return null;
}

/**
 * Gives the tags that name what is published here to somebody else's image index: those of the platforms that it has, and rolling
 * ones.
 *
 * @throws {PkgError} those of the place
 */
export async function concede(
  { place, built }: TagsRequest,
  { to, rolled }: { readonly to: Digest; readonly rolled: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const theirs = await place.fetchManifest(to, signal);
  if (theirs.kind !== "index") return;
  for (const { tag, manifest, descriptor } of built.packages) {
    const same = theirs.index.manifests.find((listed) => isDeepStrictEqual(listed.platform, descriptor.platform));
    if (same === undefined || same.digest === manifest.digest) continue;
    const document = await place.fetchDocument(same.digest, signal);
    await setTag(place, { document, tag, before: manifest.digest }, signal);
  }
  const document = rolled.length === 0 ? null : await place.fetchDocument(to, signal);
  for (const tag of rolled) {
    if (document !== null) await setTag(place, { document, tag, before: built.imageIndex.digest }, signal);
  }
}

function lost({ place, built }: TagsRequest, named: Digest | null): PkgError {
  const name = `${place.location}:${built.versionTag}`;
  return new PkgError(
    "VERSION_EXISTS",
    `Cannot publish "${name}": somebody else has published it at the same time, expected "${built.imageIndex.digest}", found ${named === null ? "nothing" : `"${named}"`}`,
    {
      hint: "Theirs is what people get; publish this as a new version, or run this again with --force to replace theirs",
    },
  );
}

/** Somebody else may have published the version between reading its tag and setting it, and no rolling tag leads to theirs. */
function unclear({ place, built }: TagsRequest, { tag, named }: MovedTag): PkgError {
  return new PkgError(
    "VERSION_EXISTS",
    `Cannot publish "${place.location}:${built.versionTag}": somebody else has published it at the same time, whose tag "${tag}" named ${named === null ? "nothing" : `"${named}"`}`,
    {
      hint: "Its tags name yours now, and they may have been told that theirs is published: ask them, or run this again to keep yours",
    },
  );
}

function torn({ place, built }: TagsRequest, { tag, named }: MovedTag): PkgError {
  return new PkgError(
    "VERSION_EXISTS",
    `Cannot publish "${place.location}:${built.versionTag}": somebody else keeps setting its tag "${tag}", which names ${named === null ? "nothing" : `"${named}"`}`,
    { hint: "Its tags name two different builds now: whoever should have the version runs `pkg publish --force`" },
  );
}
