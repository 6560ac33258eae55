import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { BlobWritten } from "../oci/content.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { type OpenedPlace, openSource, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { withSpooled } from "./spool.ts";

type BlobCapabilities = PlaceCapabilities & Pick<Capabilities, "signal" | "emit" | "retry">;

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

/** One blob by its digest, verified: its last bytes are given only once all of them hash to it. */
export function fetchBlob(cap: BlobCapabilities, request: FetchBlobFileRequest): Promise<FetchedBlob> {
  const { reference, output } = request;
  return withPlace(openSource(cap, reference), async (opened) => {
    const digest = blobDigest(opened);
    let size = 0;
    const body = counted(verifiedBlob(opened.place, { digest, size: null }, cap), (bytes) => {
      size = bytes;
      cap.emit({ kind: "task-progress", id: digest, bytes, totalBytes: null });
    });
    cap.emit({ kind: "task-started", id: digest, title: digest, totalBytes: null });
    if (typeof output === "string") await writeStreamAtomic(output, body);
    else await output(body);
    cap.emit({ kind: "task-done", id: digest, summary: `${size} bytes` });
    return { reference, digest, size, path: typeof output === "string" ? output : null };
  });
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
