import type { Target } from "../oci/content.ts";
import { compareVersions } from "../package/version.ts";
import { versionTag } from "../publish/tags.ts";
import type { Capabilities } from "./capabilities.ts";
import type { BuiltPublication } from "./publish-package.ts";
import { readTag, type TaggedVersion } from "./publish-push.ts";

export interface RollingRequest {
  readonly place: Target;
  readonly version: string;
  readonly built: Pick<BuiltPublication, "index" | "rollingTags">;
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

/** Others may publish at the same time; each looks again after it has written. */
const MAX_ROUNDS = 3;

/**
 * Points each rolling tag to the version, unless it names a newer one. A registry cannot compare and set: so all tags are
 * looked at again once all are written, and a tag that somebody set back meanwhile is moved again.
 *
 * @throws {PkgError} those of the place
 */
export async function rollTags(
  cap: Pick<Capabilities, "emit" | "signal">,
  request: RollingRequest,
): Promise<readonly RolledTag[]> {
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
  for (const rolled of results.values()) tellKept(cap, request, rolled);
  return [...results.values()];
}

async function rollTag(
  { signal }: Pick<Capabilities, "signal">,
  request: RollingRequest,
  tag: string,
): Promise<RolledTag> {
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
