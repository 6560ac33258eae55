import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Target } from "../oci/content.ts";
import { compareVersions } from "../package/version.ts";
import { rollingTags, versionTag } from "../package-format/tags.ts";
import type { BuiltPublication } from "./build-publication.ts";
import { readTag, type TaggedVersion, tagsIn } from "./tagged-version.ts";

export interface RollingRequest {
  readonly place: Target;
  readonly version: string;
  readonly built: Pick<BuiltPublication, "index" | "rollingTags">;
  /** The tags there were before anything was published. */
  readonly knownTags: ReadonlySet<string>;
  /** Also moves a tag that names something without a version. */
  readonly force: boolean;
}

/** What became of a rolling tag. */
export interface RolledTag {
  readonly tag: string;
  /** `kept`: it names something newer, or something that is not to be moved. */
  readonly how: "moved" | "existed" | "kept";
  /** The version it names now, as far as that is known. */
  readonly version: string | null;
}

type RollCapabilities = Pick<Capabilities, "emit" | "signal">;

/** Others may publish at the same time; each looks again after it has written. */
const MAX_ROUNDS = 3;

/**
 * Points each rolling tag to the version, unless it names a newer one. A registry cannot compare and set: so all tags are
 * looked at again once all are written, and a tag that somebody set back meanwhile is moved again. A newer version that was
 * published meanwhile, and whose tags may have been written over here, gets them back.
 *
 * @throws {PkgError} those of the place
 */
export async function rollTags(cap: RollCapabilities, request: RollingRequest): Promise<readonly RolledTag[]> {
  const results = new Map<string, RolledTag>();
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    let hasMoved = false;
    for (const tag of request.built.rollingTags) {
      const rolled = await rollTag(cap, request, tag);
      const isRepeated = rolled.how === "existed" && results.get(tag)?.how === "moved";
      if (!isRepeated) results.set(tag, rolled);
      hasMoved ||= rolled.how === "moved";
    }
    if (!hasMoved) break;
  }
  const moved = [...results.values()].filter(({ how }) => how === "moved");
  for (const rolled of await yieldToNewer(cap, request, moved)) results.set(rolled.tag, rolled);
  for (const rolled of results.values()) tellKept(cap, request, rolled);
  return [...results.values()];
}

async function rollTag({ signal }: RollCapabilities, request: RollingRequest, tag: string): Promise<RolledTag> {
  const { place, version, built } = request;
  const found = await readTag(place, tag, signal);
  if (found?.digest === built.index.digest) return { tag, how: "existed", version };
  if (found !== null && !mayMove(request, tag, found)) return { tag, how: "kept", version: found.version };
  await place.pushManifest({ ...built.index, tag }, signal);
  return { tag, how: "moved", version };
}

function mayMove({ version, force }: RollingRequest, tag: string, found: TaggedVersion): boolean {
  if (found.version === null) return force;
  // It is that version's own tag, which never moves.
  if (versionTag(found.version) === tag) return false;
  return compareVersions(version, found.version) >= 0;
}

/** Those of the tags moved here that a newer version has now. */
async function yieldToNewer(
  cap: RollCapabilities,
  request: RollingRequest,
  moved: readonly RolledTag[],
): Promise<readonly RolledTag[]> {
  const yielded = new Map<string, RolledTag>();
  for (let round = 1; round <= MAX_ROUNDS && moved.length > 0; round++) {
    const newer = await newerVersions(cap, request);
    let hasMoved = false;
    for (const { tag } of moved) {
      const best = newer.find((version) => rollingTags(version).includes(tag));
      if (best === undefined) continue;
      hasMoved = (await pointTo(cap, request, { tag, version: best })) || hasMoved;
      yielded.set(tag, { tag, how: "kept", version: best });
    }
    if (!hasMoved) break;
  }
  return [...yielded.values()];
}

/** Versions published since, newer than this one; the newest first. */
async function newerVersions({ signal }: RollCapabilities, request: RollingRequest): Promise<readonly string[]> {
  const { place, version, knownTags } = request;
  const tags = (await tagsIn(place, signal)).filter((tag) => !knownTags.has(tag) && compareVersions(tag, version) > 0);
  const found: string[] = [];
  for (const tag of tags) {
    const named = await readTag(place, tag, signal);
    // Rolling tags look like versions, and those of one platform do not always look otherwise.
    if (named?.version !== undefined && named.version !== null && versionTag(named.version) === tag)
      found.push(named.version);
  }
  return found.toSorted(compareVersions).toReversed();
}

/** Points a tag to a version that is there, unless it names that or a newer one. */
async function pointTo(
  { signal }: RollCapabilities,
  { place }: RollingRequest,
  { tag, version }: { readonly tag: string; readonly version: string },
): Promise<boolean> {
  const found = await readTag(place, tag, signal);
  if (found !== null && (found.version === null || compareVersions(found.version, version) >= 0)) return false;
  await place.pushManifest({ ...(await place.fetchDocument(versionTag(version), signal)), tag }, signal);
  return true;
}

function tellKept(
  { emit }: Pick<Capabilities, "emit">,
  { place }: RollingRequest,
  { tag, how, version }: RolledTag,
): void {
  if (how !== "kept") return;
  if (version !== null) emit({ kind: "note", message: `The tag "${tag}" stays with version ${version}` });
  else
    emit({
      kind: "warning",
      message: `The tag "${place.location}:${tag}" stays: it names something without a version`,
    });
}
