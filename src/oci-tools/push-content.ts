import { mapConcurrently } from "../base/concurrency.ts";
import type { WorkOptions } from "../base/work-options.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { type BuiltDocument, buildManifest, EMPTY_DESCRIPTOR, UNKNOWN_ARTIFACT_TYPE } from "../oci/artifact.ts";
import type { BlobWritten, ManifestWritten, Target } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED, type PreparedContent } from "./artifact-content.ts";
import type { PreparedBlob } from "./artifact-layers.ts";

/** One layer that was pushed. */
export interface PushedFile {
  readonly title: string | null;
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly how: BlobWritten["how"];
}

/** An artifact to push, and where. */
export interface PushContentRequest {
  readonly place: Target;
  readonly content: PreparedContent;
  readonly artifactType: string | null;
  readonly subject: Descriptor | null;
  /** Empty: it is pushed by its digest alone. */
  readonly tags: readonly string[];
  /** A path to write the manifest to, once it is pushed; null: none. */
  readonly exportManifest: string | null;
}

/** What became of it. */
export interface PushedContent {
  readonly manifest: BuiltDocument;
  readonly artifactType: string | null;
  readonly files: readonly PushedFile[];
  readonly listedBy: ManifestWritten["listedBy"];
}

/**
 * Pushes blobs, the config first, then the manifest that names them.
 *
 * @throws {PkgError} MANIFEST_INVALID; those of the place
 */
export async function pushContent(request: PushContentRequest, options: WorkOptions): Promise<PushedContent> {
  const { place, content, tags, exportManifest } = request;
  const { config, layers } = content;
  const artifactType = request.artifactType ?? (content.hasOwnConfig ? null : UNKNOWN_ARTIFACT_TYPE);
  const manifest = buildManifest({
    artifactType,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    annotations: content.annotations,
    subject: request.subject,
  });
  // Some registries refuse a manifest whose config they have not seen, the empty one too.
  const written = new Map([[config.descriptor.digest, await pushPrepared({ place, blob: config }, options)]]);
  const needed = layers.length === 0 ? [EMPTY_PREPARED] : layers;
  const others = [...new Map(needed.map((blob) => [blob.descriptor.digest, blob])).values()].filter(
    ({ descriptor }) => !written.has(descriptor.digest),
  );
  await mapConcurrently(others, options.concurrency, async (blob) => {
    written.set(blob.descriptor.digest, await pushPrepared({ place, blob }, options));
  });
  const { listedBy } = await pushManifest(place, { manifest, tags }, options.signal);
  if (exportManifest !== null) writeFileAtomic(exportManifest, manifest.bytes);
  return { manifest, artifactType, files: layers.map((layer) => pushedFile(layer, written)), listedBy };
}

/** One blob to push. */
export interface PushPreparedRequest {
  readonly place: Target;
  readonly blob: PreparedBlob;
  /** Another repository of the same registry that may hold it. */
  readonly mountFrom?: string | null;
}

/** Pushes one blob and tells of its progress. @throws {PkgError} those of the place */
export async function pushPrepared(
  { place, blob, mountFrom = null }: PushPreparedRequest,
  { emit, signal }: Pick<WorkOptions, "emit" | "signal">,
): Promise<BlobWritten> {
  const { digest, size } = blob.descriptor;
  const id = digest;
  const title = blob.descriptor.digest === EMPTY_DESCRIPTOR.digest ? "empty config" : blob.name;
  emit({ kind: "task-started", id, title, totalBytes: size });
  const onProgress = (bytes: number) => emit({ kind: "task-progress", id, bytes, totalBytes: size });
  const written = await place.pushBlob({ digest, size, open: blob.open, mountFrom, onProgress }, signal);
  emit({ kind: "task-done", id, summary: written.how === "sent" ? `${size} bytes` : written.how });
  return written;
}

async function pushManifest(
  place: Target,
  { manifest, tags }: { readonly manifest: BuiltDocument; readonly tags: readonly string[] },
  signal: AbortSignal,
): Promise<ManifestWritten> {
  const [first = null, ...others] = tags;
  const written = await place.pushManifest({ ...manifest, tag: first }, signal);
  for (const tag of others) await place.pushManifest({ ...manifest, tag }, signal);
  return written;
}

function pushedFile({ descriptor }: PreparedBlob, written: ReadonlyMap<Digest, BlobWritten>): PushedFile {
  const { mediaType, digest, size, annotations } = descriptor;
  return {
    title: annotations[TITLE_ANNOTATION] ?? null,
    mediaType,
    digest,
    size,
    how: written.get(digest)?.how ?? "sent",
  };
}
