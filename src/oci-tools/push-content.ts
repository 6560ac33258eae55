import { resolve } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import { formatBytes } from "../base/format-bytes.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { WorkOptions } from "../base/work-options.ts";
import { checkOutput, type OutputFile, writeOutput } from "../fs/output-file.ts";
import { typedOutputFile } from "../fs/typed-output.ts";
import { type BuiltDocument, buildManifest, EMPTY_DESCRIPTOR, UNKNOWN_ARTIFACT_TYPE } from "../oci/artifact.ts";
import type { BlobWritten, ManifestWritten, Target } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED, type PreparedContent } from "./artifact-content.ts";
import type { PreparedBlob } from "./artifact-layers.ts";

/** One layer that was pushed, and how it came to be in the place. */
export interface PushedFile {
  readonly title: string | null;
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly sizeBytes: number;
  readonly how: BlobWritten["how"];
}

/** An artifact to push, and where. */
export interface PushContentRequest {
  readonly place: Target;
  readonly content: PreparedContent;
  readonly artifactType: string | null;
  readonly subject: Descriptor | null;
  /** Empty: the manifest is pushed by its digest alone. */
  readonly tags: readonly string[];
  /** A path to write the manifest to once it is pushed; null: none. */
  readonly exportManifest: OutputFile | null;
}

/** The manifest and layers that were pushed. */
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
  const needed = layers.length === 0 ? [EMPTY_PREPARED] : layers;
  const written = await pushBlobs({ place, config, layers: needed, mountFrom: null }, options);
  const { listedBy } = await pushManifest(place, { manifest, tags }, options.signal);
  if (exportManifest !== null) await writeOutput(exportManifest, [manifest.bytes]);
  return { manifest, artifactType, files: layers.map((layer) => pushedFile(layer, written)), listedBy };
}

/** The file for a manifest, made absolute; refused before anything is pushed. @throws {PkgError} PATH_CONFLICT */
export function exportTarget(directory: string, wanted: OutputFile | null): OutputFile | null {
  if (wanted === null) return null;
  const output = { ...wanted, path: resolve(directory, typedOutputFile(wanted.path)) };
  checkOutput(output);
  return output;
}

/** The blobs of one or more manifests. */
export interface PushBlobsRequest {
  readonly place: Target;
  readonly config: PreparedBlob;
  readonly layers: readonly PreparedBlob[];
  /** Another repository of the same registry that may hold them; null: none. */
  readonly mountFrom: string | null;
}

/**
 * Pushes each blob once, the config before all others: some registries refuse a manifest whose config they have not
 * seen, even the empty one.
 *
 * @returns how each blob came to be in the place
 * @throws {PkgError} those of the place
 */
export async function pushBlobs(
  { place, config, layers, mountFrom }: PushBlobsRequest,
  options: WorkOptions,
): Promise<ReadonlyMap<Digest, BlobWritten>> {
  const written = new Map<Digest, BlobWritten>();
  const all = new Map([config, ...layers].map(({ descriptor: { digest, size } }) => [digest, size]));
  const totalBytes = [...all.values()].reduce((sum, size) => sum + size, 0);
  options.emit({ kind: "tasks-planned", tasks: all.size, totalBytes });
  const push = async (blob: PreparedBlob) => {
    written.set(blob.descriptor.digest, await pushPrepared({ place, blob, mountFrom }, options));
  };
  await push(config);
  const others = new Map(layers.map((blob) => [blob.descriptor.digest, blob]));
  others.delete(config.descriptor.digest);
  await mapConcurrently([...others.values()], options.concurrency, push);
  return written;
}

interface PushPreparedRequest extends Pick<PushBlobsRequest, "place" | "mountFrom"> {
  readonly blob: PreparedBlob;
}

/** Pushes one blob and emits its progress. */
async function pushPrepared(
  { place, blob, mountFrom }: PushPreparedRequest,
  { emit, signal }: Pick<WorkOptions, "emit" | "signal">,
): Promise<BlobWritten> {
  const { digest, size } = blob.descriptor;
  const id = digest;
  const title = blob.descriptor.digest === EMPTY_DESCRIPTOR.digest ? "empty config" : blob.name;
  emit({ kind: "task-started", id, title, totalBytes: size });
  const onProgress: OnProgress = (bytes, resumedBytes = 0) =>
    emit({ kind: "task-progress", id, bytes, totalBytes: size, resumedBytes });
  const written = await place.pushBlob({ digest, size, open: blob.open, mountFrom, onProgress }, signal);
  emit({ kind: "task-done", id, summary: written.how === "sent" ? formatBytes(size) : written.how });
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
    sizeBytes: size,
    how: written.get(digest)?.how ?? "sent",
  };
}
