import type { WorkOptions } from "../base/work-options.ts";
import type { BlobWritten, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED } from "../oci-tools/artifact-content.ts";
import { pushBlobs } from "../oci-tools/push-content.ts";
import { layerOf } from "../package-format/documents.ts";
import { versionTag } from "../package-format/tags.ts";
import { type DigestedFiles, LARGE_BYTES } from "./prepare-files.ts";
import { readTag } from "./tagged-version.ts";

/** The files of a version, and where it is published. */
export interface AheadRequest {
  readonly place: Target;
  readonly version: string;
  readonly files: DigestedFiles;
  /** Another repository of the registry that may hold them; null: none. */
  readonly mountFrom: string | null;
}

/** What was sent, and what was made meanwhile. */
export interface SentAhead<T> {
  /** How each blob got there. */
  readonly sent: ReadonlyMap<Digest, BlobWritten>;
  readonly made: T;
}

/**
 * Sends the large files of a version that is not there yet, while the rest is made. No tag leads to them, so nothing is public. If
 * one of both fails, the other is stopped, and what was sent is resumed by the next run.
 *
 * @throws {PkgError} PUBLISH_INVALID for a version that cannot be a tag; those of the place, and of `make`
 */
export async function sendAhead<T>(
  { place, version, files, mountFrom }: AheadRequest,
  make: (signal: AbortSignal) => Promise<T>,
  options: WorkOptions,
): Promise<SentAhead<T>> {
  const large = [...files.programs, ...files.documents].filter(({ size }) => size >= LARGE_BYTES);
  const isNew = large.length > 0 && (await readTag(place, versionTag(version), options.signal)) === null;
  if (!isNew) return { sent: new Map(), made: await make(options.signal) };
  const layers = large.map((file) => ({ name: file.title, descriptor: layerOf(file), open: file.open }));
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const sending = pushBlobs({ place, config: EMPTY_PREPARED, layers, mountFrom }, { ...options, signal });
  const making = make(signal);
  try {
    const [sent, made] = await Promise.all([sending, making]);
    return { sent, made };
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled([sending, making]);
    throw error;
  }
}
