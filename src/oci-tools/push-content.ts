import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { type BuiltDocument, buildManifest, EMPTY_DESCRIPTOR, UNKNOWN_ARTIFACT_TYPE } from "../oci/artifact.ts";
import type { BlobWritten, ManifestWritten, Target } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED, type PreparedContent } from "./artifact-content.ts";
import type { PreparedBlob } from "./artifact-layers.ts";

export interface PushedFile {
  readonly title: string | null;
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly how: BlobWritten["how"];
}

export interface PushContentRequest {
  readonly place: Target;
  readonly content: PreparedContent;
  readonly artifactType: string | null;
  readonly subject: Descriptor | null;
  /** None: by digest alone. */
  readonly tags: readonly string[];
  /** A path to write the manifest to, once it is pushed. */
  readonly exportManifest: string | null;
}

export interface PushedContent {
  readonly manifest: BuiltDocument;
  readonly artifactType: string | null;
  readonly files: readonly PushedFile[];
  readonly listedBy: ManifestWritten["listedBy"];
}

type PushCapabilities = Pick<Capabilities, "config" | "emit" | "signal">;

/** Pushes blobs, the config first, then the manifest that names them. */
export async function pushContent(cap: PushCapabilities, request: PushContentRequest): Promise<PushedContent> {
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
  const written = new Map([[config.descriptor.digest, await pushPrepared(cap, { place, blob: config })]]);
  const needed = layers.length === 0 ? [EMPTY_PREPARED] : layers;
  const others = [...new Map(needed.map((blob) => [blob.descriptor.digest, blob])).values()].filter(
    ({ descriptor }) => !written.has(descriptor.digest),
  );
  await mapConcurrently(others, cap.config.concurrency, async (blob) => {
    written.set(blob.descriptor.digest, await pushPrepared(cap, { place, blob }));
  });
  const { listedBy } = await pushManifest(cap, place, { manifest, tags });
  if (exportManifest !== null) writeFileAtomic(exportManifest, manifest.bytes);
  return { manifest, artifactType, files: layers.map((layer) => pushedFile(layer, written)), listedBy };
}

export interface PushBlobRequest {
  readonly place: Target;
  readonly blob: PreparedBlob;
  /** Another repository of the registry that may hold it. */
  readonly mountFrom?: string | null;
}

/** Pushes one blob and tells how far it is. */
export async function pushPrepared(
  cap: Pick<Capabilities, "emit" | "signal">,
  { place, blob, mountFrom = null }: PushBlobRequest,
): Promise<BlobWritten> {
  const { digest, size } = blob.descriptor;
  const id = digest;
  const title = blob.descriptor.digest === EMPTY_DESCRIPTOR.digest ? "empty config" : blob.name;
  cap.emit({ kind: "task-started", id, title, totalBytes: size });
  const onProgress = (bytes: number) => cap.emit({ kind: "task-progress", id, bytes, totalBytes: size });
  const written = await place.pushBlob({ digest, size, open: blob.open, mountFrom, onProgress }, cap.signal);
  cap.emit({ kind: "task-done", id, summary: written.how === "sent" ? `${size} bytes` : written.how });
  return written;
}

async function pushManifest(
  cap: PushCapabilities,
  place: Target,
  { manifest, tags }: { readonly manifest: BuiltDocument; readonly tags: readonly string[] },
): Promise<ManifestWritten> {
  const [first = null, ...others] = tags;
  const written = await place.pushManifest({ ...manifest, tag: first }, cap.signal);
  for (const tag of others) await place.pushManifest({ ...manifest, tag }, cap.signal);
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
