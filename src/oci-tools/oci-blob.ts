import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { BlobWritten } from "../oci/content.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";
import { type OpenedPlace, openSource, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { placeFile } from "./place-file.ts";
import { deliver, isResumable, type PullTools, pullTools } from "./pull-layer.ts";
import { withSpooled } from "./spool.ts";
import { verifiedLayer } from "./verified-layer.ts";

type BlobCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "signal" | "emit" | "retry">;

const FILE_MODE = 0o644;

export interface FetchedBlob {
  readonly reference: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Null: it went to `write`. */
  readonly path: string | null;
}

export interface FetchBlobFileRequest {
  readonly reference: string;
  /** A file that is written whole and durable; or a function that takes the verified bytes. */
  readonly output: string | ((bytes: AsyncIterable<Uint8Array>) => Promise<void>);
}

/**
 * One blob by its digest, verified: its last bytes are given only once all of them hash to it. Interrupted while it is
 * written to a file, it is resumed by the next run.
 */
export function fetchBlob(cap: BlobCapabilities, request: FetchBlobFileRequest): Promise<FetchedBlob> {
  const { reference, output } = request;
  return withPlace(openSource(cap, reference), async (opened) => {
    const digest = blobDigest(opened);
    const tools = pullTools(cap, opened.place);
    cap.emit({ kind: "task-started", id: digest, title: digest, totalBytes: null });
    const size = await (typeof output === "string" ? fetchInto(tools, digest, output) : stream(tools, digest, output));
    cap.emit({ kind: "task-done", id: digest, summary: `${size} bytes` });
    return { reference, digest, size, path: typeof output === "string" ? output : null };
  });
}

/** Writes a blob to a file, resumed where an earlier run was interrupted. @returns bytes */
async function fetchInto(tools: PullTools, digest: Digest, path: string): Promise<number> {
  const blob = { digest, size: null };
  if (!isResumable(tools, blob)) return stream(tools, digest, (bytes) => writeStreamAtomic(path, bytes, FILE_MODE));
  // Before anything is fetched.
  await access(dirname(path), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw fileSystemError(error, `write "${path}"`);
  });
  return deliver(tools, { title: digest, layer: blob }, (file) => placeFile(file, path, FILE_MODE));
}

/** Gives a blob's bytes to `write` as they come. @returns how many there were */
async function stream(
  tools: PullTools,
  digest: Digest,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<number> {
  let size = 0;
  const bytes = verifiedLayer(tools, { layer: { digest, size: null }, id: digest });
  await write(
    counted(bytes, (count) => {
      size = count;
    }),
  );
  return size;
}

export interface PushedBlob extends BlobWritten {
  readonly reference: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface PushBlobFileRequest {
  readonly reference: string;
  /** A path, or the bytes themselves. */
  readonly content: string | AsyncIterable<Uint8Array>;
}

/** Pushes a file or a stream as a blob; a digest in the reference must be its own. */
export function pushBlobFile(cap: BlobCapabilities, request: PushBlobFileRequest): Promise<PushedBlob> {
  const { reference, content } = request;
  return withPlace(openTarget(cap, reference), async (opened) => {
    const send = (path: string, name: string) => pushFile(cap, opened, { path, name });
    const pushed =
      typeof content === "string"
        ? await send(content, content)
        : await withSpooled(content, (path) => send(path, "standard input"));
    return { reference, ...pushed };
  });
}

async function pushFile(
  { emit, signal }: Pick<Capabilities, "emit" | "signal">,
  { place, digest: expected }: OpenedPlace,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<Omit<PushedBlob, "reference">> {
  const { digest, size, open } = await hashUnchanged(path, expected === null ? "sha256" : digestAlgorithm(expected));
  if (expected !== null && expected !== digest) {
    throw new PkgError("DIGEST_MISMATCH", `Cannot push "${name}": expected digest "${expected}", found "${digest}"`);
  }
  emit({ kind: "task-started", id: digest, title: name, totalBytes: size });
  const onProgress = (bytes: number) => emit({ kind: "task-progress", id: digest, bytes, totalBytes: size });
  const written = await place.pushBlob({ digest, size, open, mountFrom: null, onProgress }, signal);
  emit({ kind: "task-done", id: digest, summary: written.how });
  return { digest, size, ...written };
}

/** @throws {PkgError} HTTP_NOT_FOUND */
export function deleteBlob(cap: BlobCapabilities, reference: string): Promise<{ reference: string; digest: Digest }> {
  return withPlace(openTarget(cap, reference), async (opened) => {
    const digest = blobDigest(opened);
    await opened.place.deleteBlob(digest, cap.signal);
    return { reference, digest };
  });
}

export interface BlobPresence {
  readonly reference: string;
  readonly digest: Digest;
  readonly exists: boolean;
}

/** Tells whether a place has a blob. @throws {PkgError} REFERENCE_INVALID, and what the place throws */
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
