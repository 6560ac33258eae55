import { rm, stat } from "node:fs/promises";
import { extractTar } from "../archive/extract-tar.ts";
import type { EmitEvent } from "../base/events.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { RetrySettings } from "../base/retry.ts";
import { type BlobStore, createBlobStore, type DeliveredFile } from "../blobs/blob-store.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { draftPath } from "../fs/draft-path.ts";
import { TAKEN_HINT } from "../fs/output-file.ts";
import { RESUMABLE_BYTES } from "../fs/partial-file.ts";
import { streamFile } from "../fs/read-file.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { fetchFile } from "../oci/blob-file.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "../oci/digest.ts";
import { isLocal } from "../oci/local-target.ts";
import { fileMode, isPackedDirectory, UNPACKED_DIGEST_ANNOTATION } from "../oci/pack-annotations.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";
import { isThere, mergeTree, placeFile, startOf } from "./place-file.ts";
import { verifiedLayer } from "./verified-layer.ts";

/** What pulling layers takes. */
export interface PullTools {
  readonly source: Source;
  readonly emit: EmitEvent;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
  /** How many files are fetched at a time. */
  readonly concurrency: number;
  /** Large layers are received into its partial files, so that the next run can resume them. */
  readonly blobs: BlobStore;
  /** True: nothing is fetched or written. */
  readonly dryRun: boolean;
}

/** A blob, or a layer with its annotations, and its target path, whose directory exists. */
export interface LayerPlace {
  /** Refuses a directory in the path that has become a link while bytes were fetched; called before anything is placed. */
  readonly recheck: () => void;
  readonly title: string;
  readonly layer: BlobAddress & Pick<Descriptor, "annotations">;
  readonly path: string;
  /** What becomes of a file or link that has the name already. */
  readonly existing: "replace" | "refuse";
  /** Whether a packed directory may put names that begin with a dot into a directory that exists. */
  readonly allowDotFiles: boolean;
}

/** What pullTools() uses of the outside world. */
export type PullCapabilities = Pick<Capabilities, "config" | "emit" | "retry" | "signal"> & {
  readonly dryRun?: boolean;
};

/** Prepares pulling layers from `source`, with a blob store that uses the retry policy of this run. */
export function pullTools(cap: PullCapabilities, source: Source): PullTools {
  const { config, emit, retry, signal, dryRun = false } = cap;
  const { policy, random, sleep, onRetry } = retry;
  const told = onRetry === undefined ? {} : { onRetry };
  const blobs = createBlobStore({ root: config.paths.blobs, retry: policy, random, sleep, ...told });
  return { source, emit, retry, signal, concurrency: config.concurrency, blobs, dryRun };
}

/**
 * Writes one layer to its path, replacing an existing file or merging with an existing directory. Nothing appears
 * before the digest is verified. A large layer from a registry that was interrupted is resumed, by this or a later run.
 *
 * @returns the layer's size in bytes
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; as extractTar and mergeTree; DISK_FULL, PERMISSION_DENIED,
 * FILE_SYSTEM; and those of the place
 */
export async function pullLayer(tools: PullTools, target: LayerPlace): Promise<number> {
  const { layer, path, existing } = target;
  if (isResumable(tools, layer)) {
    return await deliver(tools, target, async (file) => {
      if (isPackedDirectory(layer)) return unpack(tools, target, file.path);
      const mode = fileMode(layer, await startOf(file.path));
      target.recheck();
      await placeFile(file, path, { mode, existing });
    });
  }
  const id = target.title;
  if (isPackedDirectory(layer)) return await unpackStream(tools, target, verifiedLayer(tools, { layer, id }));
  const { source, emit, retry, signal } = tools;
  const onProgress: OnProgress = (bytes, resumedBytes = 0) =>
    emit({ kind: "task-progress", id, bytes, totalBytes: layer.size, resumedBytes });
  return await fetchFile(source, layer, path, { retry, signal, onProgress, existing });
}

/** False if a partial file cannot be kept or is not worth it: the bytes are then written straight to their place. */
export function isResumable({ source, blobs }: Pick<PullTools, "source" | "blobs">, { size }: BlobAddress): boolean {
  return !isLocal(source) && (size === null || size >= RESUMABLE_BYTES) && blobs.isWritable();
}

/** A blob to receive, and what it is called where its progress is shown. */
interface BlobToDeliver {
  readonly title: string;
  readonly layer: BlobAddress;
  /** The most bytes that are taken of a blob of unknown size; default 10 GiB. */
  readonly maxBytes?: number;
}

/**
 * Receives a blob into the blob store's partial files, resuming what this or another run received, and passes it to
 * `place`.
 *
 * @returns its size in bytes
 * @throws {PkgError} as BlobStore.deliver
 */
export async function deliver(
  { source, blobs, emit, signal }: Pick<PullTools, "source" | "blobs" | "emit" | "signal">,
  { title, layer, maxBytes = MAX_BLOB_BYTES }: BlobToDeliver,
  place: (file: DeliveredFile) => Promise<void>,
): Promise<number> {
  const { digest, size } = layer;
  // Of a blob that is named by its digest alone, the place says how large it is.
  let totalBytes = size;
  const request = {
    digest,
    size,
    maxBytes: size ?? maxBytes,
    hashes: [],
    signal,
    source: async ({ offset, validator }: { readonly offset: number; readonly validator: string | null }) => {
      const stream = await source.openBlob({ digest, size }, { offset, validator }, signal);
      totalBytes ??= stream.size;
      return stream;
    },
    onProgress: (bytes: number, resumedBytes = 0) =>
      emit({ kind: "task-progress", id: title, bytes, totalBytes, resumedBytes }),
  };
  return (await blobs.deliver(request, place)).size;
}

async function unpackStream(tools: PullTools, target: LayerPlace, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const archive = `${draftPath(target.path)}.tar`;
  try {
    const size = await writeStreamAtomic(archive, bytes, 0o600);
    await unpack(tools, target, archive);
    return size;
  } finally {
    await rm(archive, { force: true });
  }
}

/** Unpacks a file whose digest was verified, so that the decompressor never sees unverified bytes. */
async function unpack({ emit, signal }: PullTools, target: LayerPlace, archive: string): Promise<void> {
  const { title, layer, path, existing, allowDotFiles } = target;
  const draft = draftPath(path);
  emit({ kind: "task-step", id: title, step: "place" });
  target.recheck();
  if (existing === "refuse" && isThere(path)) {
    throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, { hint: TAKEN_HINT });
  }
  const tree = isThere(path) ? draft : path;
  const source = streamFile(archive);
  try {
    await extractTar({ source, file: archive, directory: tree, root: title, sha256: unpackedSha256(layer), signal });
    if (tree !== path) mergeTree(tree, path, allowDotFiles);
  } finally {
    removeTree(draft);
  }
}

/**
 * The uncompressed tar's SHA-256, if annotated; other algorithms are ignored, as the layer's own digest was verified.
 */
function unpackedSha256({ annotations }: Pick<Descriptor, "annotations">): string | null {
  const text = annotations[UNPACKED_DIGEST_ANNOTATION] ?? "";
  return isDigest(text) && digestAlgorithm(text) === "sha256" ? digestHex(text) : null;
}

/** True if a file has the blob's content. */
export async function hasContent(path: string, { digest, size }: BlobAddress): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || !stats.isFile() || (size !== null && stats.size !== size)) return false;
  return (await digestOf(path, digest)) === digest;
}

async function digestOf(path: string, like: Digest): Promise<Digest | null> {
  try {
    return (await hashUnchanged(path, digestAlgorithm(like))).digest;
  } catch (error) {
    if (hasCode(error, "PERMISSION_DENIED", "FILE_SYSTEM")) return null;
    throw error;
  }
}
