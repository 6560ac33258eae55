import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { Source } from "../oci/content.ts";
import type { ImageIndex } from "../oci/manifest.ts";
import { tagText } from "../oci/reference.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { isPackageIndex } from "../package-format/documents.ts";
import { rollingTags } from "../package-format/tags.ts";
import { mayBeVersion } from "./package-sources.ts";
import type { IndexProblems } from "./problems.ts";

export interface VersionsRequest {
  readonly place: Source;
  /** Null: every version. */
  readonly tag: string | null;
  /** Whether it is a problem when there is none. */
  readonly isNamed: boolean;
  readonly problems: IndexProblems;
}

type VersionCapabilities = Pick<Capabilities, "config" | "signal" | "emit">;

/** A version of a package in a repository. */
export interface PublishedVersion {
  readonly version: string;
  readonly index: ImageIndex;
}

/**
 * The versions that a repository holds: what is under a tag, is a package, and is of the version that the tag names. A tag
 * that rolls on is asked where it leads, and read only when no other tag leads there.
 *
 * @throws {PkgError} those of the network
 */
export async function readVersions(
  cap: VersionCapabilities,
  request: VersionsRequest,
): Promise<readonly PublishedVersion[]> {
  const { place, tag, isNamed, problems } = request;
  const name = tag === null ? place.location : `${place.location}:${tag}`;
  const versions = await problems.guard(name, async () => {
    const found = await (tag === null ? readAll(cap, request) : readTags(cap, request, [tag]));
    if (found.length > 0 || !isNamed) return found;
    throw new PkgError("MANIFEST_INVALID", `Cannot index "${name}": it holds no version of a package`, {
      hint: "Publish one with `pkg publish`, or run this with --verbose to see what was passed over",
    });
  });
  return versions ?? [];
}

async function readAll(cap: VersionCapabilities, request: VersionsRequest): Promise<readonly PublishedVersion[]> {
  const { place } = request;
  const tags = new Set(await place.listTags(cap.signal));
  const candidates = [...tags].filter((tag) => mayBeVersion(tag, tags));
  const rolling = new Set(candidates.flatMap(rollingTags));
  const found = await readTags(
    cap,
    request,
    candidates.filter((tag) => !rolling.has(tag)),
  );
  const known = new Set(found.map(({ index }) => index.digest));
  const rest = candidates.filter((tag) => rolling.has(tag));
  const unknown = await mapConcurrently(rest, cap.config.concurrency, async (tag) => {
    const { digest } = await place.resolve(tag, cap.signal);
    return known.has(digest) ? null : tag;
  });
  return [
    ...found,
    ...(await readTags(
      cap,
      request,
      unknown.filter((tag) => tag !== null),
    )),
  ];
}

async function readTags(
  cap: VersionCapabilities,
  { place, problems }: VersionsRequest,
  tags: readonly string[],
): Promise<readonly PublishedVersion[]> {
  const versions = await mapConcurrently(tags, cap.config.concurrency, (tag) =>
    problems.guard(`${place.location}:${tag}`, () => readTag(cap, place, tag)),
  );
  return versions.filter((version) => version !== null);
}

async function readTag(cap: VersionCapabilities, place: Source, tag: string): Promise<PublishedVersion | null> {
  const document = await place.fetchManifest(tag, cap.signal);
  const { annotations } = document.kind === "index" ? document.index : document.manifest;
  const version = annotations[VERSION_ANNOTATION] ?? "";
  if (document.kind === "index" && isPackageIndex(document.index) && tagText(version) === tag) {
    return { version, index: document.index };
  }
  const found = document.kind === "index" ? `no index of packages, or of version "${version}"` : "no image index";
  cap.emit({ kind: "detail", message: `${place.location}:${tag} is left out: it is ${found}` });
  return null;
}
