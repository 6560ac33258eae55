import { telling } from "../base/given-with.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { type BuiltDocument, descriptorOf } from "../oci/artifact.ts";
import { configPlatform } from "../oci/choose-entry.ts";
import type { ManifestKey, Target } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { buildIndex, editIndex } from "../oci/image-index-edit.ts";
import { parsePlatform } from "../oci/platform.ts";
import { isTag } from "../oci/reference.ts";
import { readAnnotations } from "./artifact-annotations.ts";
import { contentOf } from "./manifest.ts";
import { manifestKeyOf, type OpenedPlace, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";

type IndexCapabilities = PlaceCapabilities & Pick<Capabilities, "retry">;

/** The image index that was pushed. */
export interface IndexOutcome {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly sizeBytes: number;
}

/** The image index to make. */
export interface CreateIndexRequest {
  readonly reference: string;
  /**
   * Each `TAG`, `sha256:…` or `@sha256:…` of the same repository, followed by `=os/arch[/variant]` if the manifest's
   * config does not name its platform.
   */
  readonly manifests: readonly string[];
  /** Each `KEY=VALUE`. */
  readonly annotations: readonly string[];
  /** Null: none. */
  readonly artifactType: string | null;
}

/** Makes an image index of manifests in the same repository, and pushes it. */
export function createIndex(cap: IndexCapabilities, request: CreateIndexRequest): Promise<IndexOutcome> {
  const { reference, artifactType } = request;
  const { retry, signal } = cap;
  const annotations = readAnnotations(request.annotations, null).manifest;
  return withPlace(openTarget(cap, reference), async (opened) => {
    const manifests = await entriesOf(opened.place, request.manifests, { retry, signal });
    const index = buildIndex({ manifests, annotations, artifactType, subject: null });
    return pushIndex(opened, { reference, index, signal });
  });
}

/** The changes to make to an image index. */
export interface EditIndexRequest {
  readonly reference: string;
  /** As CreateIndexRequest's `manifests`. */
  readonly add: readonly string[];
  /** Each `TAG`, `sha256:…` or `@sha256:…`. */
  readonly remove: readonly string[];
  /** Each `KEY=VALUE`. */
  readonly annotations: readonly string[];
}

/** Changes an image index and moves its tag to the new one; everything else in it is kept. */
export function changeIndex(cap: IndexCapabilities, request: EditIndexRequest): Promise<IndexOutcome> {
  const { reference } = request;
  const { retry, signal } = cap;
  const annotations = readAnnotations(request.annotations, null).manifest;
  return withPlace(openTarget(cap, reference), async (opened) => {
    const { place, tag } = opened;
    if (tag === null) throw untagged(place.location);
    const current = await telling(
      `"${reference}" is the image index to change; \`pkg oci index create\` makes one`,
      () => place.fetchManifest(manifestKeyOf(opened), signal),
    );
    const add = await entriesOf(place, request.add, { retry, signal });
    const remove = await Promise.all(request.remove.map((text) => digestOf(place, text, signal)));
    const index = editIndex(contentOf(current).bytes, { add, remove, annotations, name: `"${reference}"` });
    return pushIndex(opened, { reference, index, signal });
  });
}

interface PushRequest {
  readonly reference: string;
  readonly index: BuiltDocument;
  readonly signal: AbortSignal;
}

async function pushIndex({ place, tag }: OpenedPlace, { reference, index, signal }: PushRequest) {
  const { bytes, digest, mediaType } = index;
  await place.pushManifest({ bytes, digest, mediaType, tag }, signal);
  return { reference, digest, mediaType, sizeBytes: bytes.length };
}

/** How the manifests and configs of entries are read. */
type ReadSettings = Pick<Capabilities, "retry" | "signal">;

async function entriesOf(
  place: Target,
  texts: readonly string[],
  reading: ReadSettings,
): Promise<readonly Descriptor[]> {
  const entries: Descriptor[] = [];
  for (const text of texts) entries.push(await entryOf(place, text, reading));
  return entries;
}

async function entryOf(place: Target, text: string, reading: ReadSettings): Promise<Descriptor> {
  const [name = "", written] = text.split("=", 2);
  const document = await telling(`"${text}" is one of the manifests to add`, () =>
    place.fetchManifest(manifestKey(name), reading.signal),
  );
  const content = contentOf(document);
  const platform = written === undefined ? await configPlatform(place, document, reading) : parsePlatform(written);
  const { artifactType } = document.kind === "manifest" ? document.manifest : document.index;
  return {
    ...descriptorOf(content),
    ...(artifactType === null ? {} : { artifactType }),
    ...(platform === null ? {} : { platform }),
  };
}

async function digestOf(place: Target, text: string, signal: AbortSignal): Promise<Digest> {
  const key = manifestKey(text);
  if (isDigest(key)) return key;
  return (await telling(`"${text}" is one of the manifests to remove`, () => place.resolve(key, signal))).digest;
}

/** @throws {PkgError} REFERENCE_INVALID */
function manifestKey(text: string): ManifestKey {
  const key = text.replace(/^@/, "");
  if (isDigest(key) || isTag(key)) return key;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${text}": expected a tag or a digest of the same repository`, {
    hint: "Copy a manifest from elsewhere first: `pkg oci copy`",
  });
}

function untagged(location: string): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot change an image index of "${location}": no tag is given`, {
    hint: `Name it by its tag: ${location}:TAG; what a digest names cannot be changed`,
  });
}
