import { constants, lstatSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { formatBytes } from "../base/format-bytes.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { WorkOptions } from "../base/work-options.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { isOutputStream } from "../fs/new-file.ts";
import { checkOutput, type OutputFile, writeOutput } from "../fs/output-file.ts";
import { expectWritable } from "../fs/writable.ts";
import type { BlobAddress, BlobWritten } from "../oci/content.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";
import { announcedSize } from "./announced-size.ts";
import { type OpenedPlace, openSource, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { placeFile } from "./place-file.ts";
import { deliver, hasContent, isResumable, type PullTools, pullTools } from "./pull-layer.ts";
import { withSpooled } from "./spool.ts";
import { verifiedLayer } from "./verified-layer.ts";

type BlobCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "signal" | "emit" | "retry">;

const FILE_MODE = 0o644;

/** The blob that was fetched. */
export interface FetchedBlob {
  readonly reference: string;
  readonly digest: Digest;
  /** Bytes; null: nothing was fetched, and the place does not say. */
  readonly sizeBytes: number | null;
  /** Null: its bytes went to the `output` function. */
  readonly path: string | null;
}

/** The blob to fetch, and where to. */
export interface FetchBlobFileRequest {
  readonly reference: string;
  /** A file, which is written atomically and durably, or a function that receives the verified bytes. */
  readonly output: OutputFile | ((bytes: AsyncIterable<Uint8Array>) => Promise<void>);
  /** The most bytes that are taken; default 10 GiB, as nothing but the server says how large the blob is. */
  readonly maxBytes?: number;
}

/**
 * Fetches one blob by its digest, verified: its last bytes are passed on only once all bytes match the digest. If it is
 * interrupted while being written to a file, the next run resumes it. A file that has the content already is left as it
 * is.
 *
 * @throws {PkgError} REFERENCE_INVALID without a digest; PATH_CONFLICT for a file that must not be overwritten;
 * BODY_TOO_LARGE, DIGEST_MISMATCH, DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and those of the place
 */
export function fetchBlob(cap: BlobCapabilities, request: FetchBlobFileRequest): Promise<FetchedBlob> {
  const { reference, output, maxBytes = MAX_BLOB_BYTES } = request;
  return withPlace(openSource(cap, reference), async (opened) => {
    const blob = { digest: blobDigest(opened), maxBytes };
    const { digest } = blob;
    const tools = pullTools(cap, opened.place);
    cap.emit({ kind: "task-started", id: digest, title: digest, totalBytes: null });
    const size = await naming("--max-size", () =>
      typeof output === "function" ? stream(tools, blob, output) : fetchInto(tools, blob, output),
    );
    cap.emit({ kind: "task-done", id: digest, summary: size === null ? "" : formatBytes(size) });
    return { reference, digest, sizeBytes: size, path: typeof output === "function" ? null : output.path };
  });
}

/** Adds to the error for a blob that is too large which option allows it. */
async function naming<T>(option: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, "BODY_TOO_LARGE")) throw error;
    const hint = `Raise the limit with ${option}, e.g. 100GiB`;
    throw new PkgError(error.code, error.message, { hint, cause: error });
  }
}

interface BoundedBlob {
  readonly digest: Digest;
  readonly maxBytes: number;
}

/** Writes a blob to a file, resuming where an earlier run was interrupted. @returns its size in bytes; null: not known */
async function fetchInto(
  tools: PullTools,
  { digest, maxBytes }: BoundedBlob,
  output: OutputFile,
): Promise<number | null> {
  const blob = { digest, size: null };
  const { path, force } = output;
  const held = isOutputStream(path) ? null : await sizeOfCopy(path, blob);
  if (held !== null) return held;
  checkOutput(output);
  if (tools.dryRun) {
    if (!isOutputStream(path)) expectWritable(dirname(path));
    return announcedSize(tools, digest, maxBytes);
  }
  if (isOutputStream(path) || !isResumable(tools, blob))
    return stream(tools, { digest, maxBytes }, (bytes) => writeOutput({ ...output, mode: FILE_MODE }, bytes));
  // Checked before anything is fetched.
  await access(dirname(path), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw fileSystemError(error, `write "${path}"`);
  });
  return deliver(tools, { title: digest, layer: blob, maxBytes }, (file) =>
    placeFile(file, path, { mode: FILE_MODE, existing: force ? "replace" : "refuse" }),
  );
}

/** The size of a plain file that has the content of a blob; null if there is none. */
async function sizeOfCopy(path: string, blob: BlobAddress): Promise<number | null> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (await hasContent(path, blob)) ? stats.size : null;
}

/** Passes a blob's bytes to `write` as they arrive. @returns their number */
async function stream(
  tools: PullTools,
  { digest, maxBytes }: BoundedBlob,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<number> {
  let size = 0;
  const bytes = verifiedLayer(tools, { layer: { digest, size: null }, id: digest, maxBytes });
  await write(
    counted(bytes, (count) => {
      size = count;
    }),
  );
  return size;
}

/** The blob that was pushed. */
export interface PushedBlob extends BlobWritten {
  readonly reference: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly sizeBytes: number;
}

/** The file or stream to push as a blob. */
export interface PushBlobFileRequest {
  readonly reference: string;
  /** A path, or the bytes themselves. */
  readonly content: string | AsyncIterable<Uint8Array>;
}

/** Pushes a file or a stream as a blob. @throws {PkgError} DIGEST_MISMATCH if the reference has another digest */
export function pushBlobFile(cap: BlobCapabilities, request: PushBlobFileRequest): Promise<PushedBlob> {
  const { reference, content } = request;
  const { emit, signal } = cap;
  return withPlace(openTarget(cap, reference), async (opened) => {
    const send = (path: string, name: string) => pushFile(opened, { path, name }, { emit, signal });
    const pushed =
      typeof content === "string"
        ? await send(content, content)
        : await withSpooled(content, (path) => send(path, "standard input"));
    return { reference, ...pushed };
  });
}

async function pushFile(
  { place, digest: expected }: OpenedPlace,
  { path, name }: { readonly path: string; readonly name: string },
  { emit, signal }: Pick<WorkOptions, "emit" | "signal">,
): Promise<Omit<PushedBlob, "reference">> {
  const { digest, size, open } = await hashUnchanged(path, expected === null ? "sha256" : digestAlgorithm(expected));
  if (expected !== null && expected !== digest) {
    throw new PkgError("DIGEST_MISMATCH", `Cannot push "${name}": expected digest "${expected}", found "${digest}"`);
  }
  emit({ kind: "task-started", id: digest, title: name, totalBytes: size });
  const onProgress: OnProgress = (bytes, resumedBytes = 0) =>
    emit({ kind: "task-progress", id: digest, bytes, totalBytes: size, resumedBytes });
  const written = await place.pushBlob({ digest, size, open, mountFrom: null, onProgress }, signal);
  emit({ kind: "task-done", id: digest, summary: written.how });
  return { digest, sizeBytes: size, ...written };
}

/** Deletes a blob by its digest. @throws {PkgError} REFERENCE_INVALID without a digest; HTTP_NOT_FOUND */
export function deleteBlob(cap: BlobCapabilities, reference: string): Promise<{ reference: string; digest: Digest }> {
  return withPlace(openTarget(cap, reference), async (opened) => {
    const digest = blobDigest(opened);
    await opened.place.deleteBlob(digest, cap.signal);
    return { reference, digest };
  });
}

/** Whether a place has a blob. */
export interface BlobPresence {
  readonly reference: string;
  readonly digest: Digest;
  readonly exists: boolean;
}

/** Checks whether a place has a blob. @throws {PkgError} REFERENCE_INVALID without a digest; those of the place */
export function blobExists(cap: BlobCapabilities, reference: string): Promise<BlobPresence> {
  return withPlace(openSource(cap, reference), async (opened) => {
    const digest = blobDigest(opened);
    const exists = await opened.place.hasBlob({ digest, size: null }, cap.signal);
    return { reference, digest, exists };
  });
}

function blobDigest({ digest, place }: OpenedPlace): Digest {
  if (digest !== null) return digest;
  throw new PkgError("REFERENCE_INVALID", `Cannot name a blob of "${place.location}": it has no digest`, {
    hint: `Add a digest: ${place.location}@sha256:…`,
  });
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    onProgress(bytes);
    yield chunk;
  }
}
