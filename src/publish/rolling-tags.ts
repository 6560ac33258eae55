import type { EmitEvent } from "../base/events.ts";
import type { Target } from "../oci/content.ts";
import { tagsIn } from "../oci-tools/set-tag.ts";
import { comparePreference, newestFirst, newestOf } from "../package/version.ts";
import { rollingTags, versionTag } from "../package-format/tags.ts";
import type { BuiltPublication } from "./build-publication.ts";
import { readTag, type TaggedVersion } from "./tagged-version.ts";

/** Which rolling tags to move, and where to. */
export interface RollingRequest {
  readonly place: Target;
  readonly version: string;
  readonly built: Pick<BuiltPublication, "imageIndex" | "rollingTags">;
  /** The tags that existed before anything was published. */
  readonly knownTags: ReadonlySet<string>;
  /** Also moves a tag whose manifest states no version. */
  readonly force: boolean;
  /** Told which tags stay as they are. */
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
}

/** A rolling tag, and whether it was moved. */
export interface RolledTag {
  readonly tag: string;
  /** `kept`: it names something newer, or something that must not be moved. */
  readonly how: "moved" | "existed" | "kept";
  /** The version that it names now; null when unknown. */
  readonly version: string | null;
}

/** Others may publish at the same time: every publisher looks again after it has written. */
const MAX_ROUNDS = 3;

/**
 * Points each rolling tag to the version, unless it names a newer one. A registry cannot compare and set, so all tags are
 * looked at again once all are written, and a tag that somebody has set back in the meantime is moved again. A newer version
 * that was published in the meantime, and whose tags may have been overwritten here, gets them back.
 *
 * @throws {PkgError} those of the place
 */
export async function rollTags(request: RollingRequest): Promise<readonly RolledTag[]> {
  const results = new Map<string, RolledTag>();
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    let hasMoved = false;
    const settled = await lookAtAll(request, round);
    for (const tag of request.built.rollingTags) {
      const rolled = settled.get(tag) ?? (await rollTag(request, tag));
      const isRepeated = rolled.how === "existed" && results.get(tag)?.how === "moved";
      if (!isRepeated) results.set(tag, rolled);
      hasMoved ||= rolled.how === "moved";
    }
    if (!hasMoved) break;
  }
  const moved = [...results.values()].filter(({ how }) => how === "moved");
  for (const rolled of await yieldToNewer(request, moved)) results.set(rolled.tag, rolled);
  for (const rolled of results.values()) {
    tellKept(request, rolled);
    tellOlder(request, rolled);
  }
  return [...results.values()];
}

/** The tags that stay as they are, which are read side by side: most often, and always in the last round, that is all of them. */
async function lookAtAll(request: RollingRequest, round: number): Promise<ReadonlyMap<string, RolledTag>> {
  const tags = request.built.rollingTags.filter((tag) => round > 1 || request.knownTags.has(tag));
  const looked = await Promise.all(tags.map((tag) => settledTag(request, tag)));
  return new Map(looked.filter((found) => found !== null).map((found) => [found.tag, found]));
}

/** Null for a tag that is to be moved. */
async function settledTag(request: RollingRequest, tag: string): Promise<RolledTag | null> {
  const { place, version, built, signal } = request;
  const found = await readTag(place, tag, signal);
  if (found?.digest === built.imageIndex.digest) return { tag, how: "existed", version };
  return found === null || mayMove(request, tag, found) ? null : { tag, how: "kept", version: found.version };
}

/** The tag is read right before it is moved. */
async function rollTag(request: RollingRequest, tag: string): Promise<RolledTag> {
  const settled = await settledTag(request, tag);
  if (settled !== null) return settled;
  const { place, version, built, signal } = request;
  await place.pushManifest({ ...built.imageIndex, tag }, signal);
  return { tag, how: "moved", version };
}

function mayMove({ version, force }: RollingRequest, tag: string, found: TaggedVersion): boolean {
  if (found.version === null) return force;
  // A version's own tag never moves.
  if (versionTag(found.version) === tag) return false;
  return comparePreference(version, found.version) <= 0;
}

/** Gives back the tags moved here that belong to a newer version. */
async function yieldToNewer(request: RollingRequest, moved: readonly RolledTag[]): Promise<readonly RolledTag[]> {
  const yielded = new Map<string, RolledTag>();
  for (let round = 1; round <= MAX_ROUNDS && moved.length > 0; round++) {
    const newer = await newerVersions(request);
    let hasMoved = false;
    for (const { tag } of moved) {
      const best = newer.find((version) => rollingTags(version).includes(tag));
      if (best === undefined) continue;
      hasMoved = (await pointTo(request, { tag, version: best })) || hasMoved;
      yielded.set(tag, { tag, how: "kept", version: best });
    }
    if (!hasMoved) break;
  }
  return [...yielded.values()];
}

/** Newer versions that were published in the meantime, the newest first. */
async function newerVersions(request: RollingRequest): Promise<readonly string[]> {
  const { place, version, knownTags, signal } = request;
  const tags = (await tagsIn(place, signal)).filter(
    (tag) => !knownTags.has(tag) && comparePreference(tag, version) < 0,
  );
  const found: string[] = [];
  for (const tag of tags) {
    const named = await readTag(place, tag, signal);
    // Rolling tags look like versions, and so may the tags of single platforms: what the manifest says decides.
    if (named?.version !== undefined && named.version !== null && versionTag(named.version) === tag)
      found.push(named.version);
  }
  return newestFirst(found);
}

/** Points a tag to a published version, unless it names that version or a newer one; true when it was moved. */
async function pointTo(
  { place, signal }: RollingRequest,
  { tag, version }: { readonly tag: string; readonly version: string },
): Promise<boolean> {
  const found = await readTag(place, tag, signal);
  if (found !== null && (found.version === null || comparePreference(found.version, version) <= 0)) return false;
  await place.pushManifest({ ...(await place.fetchDocument(versionTag(version), signal)), tag }, signal);
  return true;
}

/** A tag that somebody has set back to an older version is moved from there, although a newer one was published before. */
function tellOlder({ place, version, knownTags, emit }: RollingRequest, { tag, how }: RolledTag): void {
  if (how !== "moved") return;
  const newer = [...knownTags].filter(
    (known) => comparePreference(known, version) < 0 && rollingTags(known).includes(tag),
  );
  const newest = newestOf(newer, (known) => known);
  if (newest === null) return;
  const message = `The tag "${place.location}:${tag}" is moved to version ${version}, although "${newest}" is there: if that was published with its rolling tags, somebody has set the tag back`;
  emit({ kind: "warning", message });
}

function tellKept({ place, emit }: RollingRequest, { tag, how, version }: RolledTag): void {
  if (how !== "kept") return;
  if (version !== null) emit({ kind: "note", message: `The tag "${tag}" stays with version ${version}` });
  else
    emit({
      kind: "warning",
      message: `The tag "${place.location}:${tag}" stays: it names something without a version`,
    });
}
