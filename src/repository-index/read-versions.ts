import { mapConcurrently } from "../base/concurrency.ts";
import type { WorkOptions } from "../base/work-options.ts";
import { PkgError } from "../errors.ts";
import type { Source } from "../oci/content.ts";
import { parseLocation } from "../oci/location.ts";
import type { ImageIndex } from "../oci/manifest.ts";
import { tagText } from "../oci/reference.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { isPackageImageIndex } from "../package-format/documents.ts";
import { withNearestTag } from "../package-format/missing-tag.ts";
import { rollingTags } from "../package-format/tags.ts";
import { mayBeVersion } from "./package-sources.ts";
import type { IndexProblems } from "./problems.ts";

/** Which versions to read. */
export interface VersionsRequest {
  readonly place: Source;
  /** The version's tag; null: every version. */
  readonly tag: string | null;
  /** Whether it is a problem when no version is found. */
  readonly isNamed: boolean;
  readonly problems: IndexProblems;
}

/** A version of a package in a repository. */
export interface PublishedVersion {
  readonly version: string;
  readonly imageIndex: ImageIndex;
}

/**
 * The versions that a repository holds: every image index of packages whose tag is that of its version. A rolling tag is only
 * resolved; it is read only if no other tag names the same image index.
 *
 * @throws {PkgError} those of the network; errors of single tags go to `problems`
 */
export async function readVersions(
  request: VersionsRequest,
  options: WorkOptions,
): Promise<readonly PublishedVersion[]> {
  const { place, tag, isNamed, problems } = request;
  const name = tag === null ? place.location : `${place.location}:${tag}`;
  const versions = await problems.guard(name, async () => {
    const found = await (tag === null ? readAll(request, options) : readTags(request, [tag], options));
    if (found.length > 0 || !isNamed) return found;
    throw new PkgError("MANIFEST_INVALID", `Cannot index "${name}": it holds no version of a package`, {
      hint: "Publish one with `pkg publish`, or run this with --verbose to see which tags were skipped",
    });
  });
  return versions ?? [];
}

async function readAll(request: VersionsRequest, options: WorkOptions): Promise<readonly PublishedVersion[]> {
  const { place } = request;
  const { signal, concurrency } = options;
  const tags = new Set(await place.listTags(signal));
  const candidates = [...tags].filter((tag) => mayBeVersion(tag, tags));
  const rolling = new Set(candidates.flatMap(rollingTags));
  const fixed = candidates.filter((tag) => !rolling.has(tag));
  const found = await readTags(request, fixed, options);
  const known = new Set(found.map(({ imageIndex }) => imageIndex.digest));
  const others = candidates.filter((tag) => rolling.has(tag));
  const unknown = await mapConcurrently(others, concurrency, async (tag) => {
    const { digest } = await place.resolve(tag, signal);
    return known.has(digest) ? [] : [tag];
  });
  return [...found, ...(await readTags(request, unknown.flat(), options))];
}

async function readTags(
  { place, problems }: VersionsRequest,
  tags: readonly string[],
  options: WorkOptions,
): Promise<readonly PublishedVersion[]> {
  const versions = await mapConcurrently(tags, options.concurrency, (tag) =>
    problems.guard(`${place.location}:${tag}`, () => readVersion(place, tag, options)),
  );
  return versions.filter((version) => version !== null);
}

/** The version that a tag names; null for anything else. */
async function readVersion(
  place: Source,
  tag: string,
  { emit, signal }: WorkOptions,
): Promise<PublishedVersion | null> {
  const document = await place.fetchManifest(tag, signal).catch(async (error: unknown) => {
    throw await withNearestTag({ place, location: parseLocation(`${place.location}:${tag}`), error, signal });
  });
  const { annotations } = document.kind === "index" ? document.index : document.manifest;
  const version = annotations[VERSION_ANNOTATION] ?? "";
  if (document.kind === "index" && isPackageImageIndex(document.index) && tagText(version) === tag) {
    return { version, imageIndex: document.index };
  }
  const found =
    document.kind === "index" ? `not an image index of packages, or one of version "${version}"` : "not an image index";
  emit({ kind: "detail", message: `${place.location}:${tag} is skipped: it is ${found}` });
  return null;
}
