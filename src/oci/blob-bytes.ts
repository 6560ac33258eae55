import { byteCount } from "../base/format-bytes.ts";
import type { OnProgress } from "../base/on-progress.ts";
import { type RetrySettings, uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, Source, Target } from "./content.ts";
import { type Descriptor, freezeDescriptor, TITLE_ANNOTATION } from "./descriptor.ts";
import { digestOf } from "./digest.ts";
import { verifiedBlob } from "./verified-blob.ts";

/** The media type of unknown bytes. */
export const DEFAULT_MEDIA_TYPE = "application/octet-stream";

/** The default limit of fetchBytes(), in bytes. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** The descriptor fields of a blob that is pushed, and how it is pushed. */
export interface PushOptions {
  /** Default: `application/octet-stream`. */
  readonly mediaType?: string;
  /** The file name that the blob gets when it is pulled (TITLE_ANNOTATION); null: none. */
  readonly title?: string | null;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Called with the bytes that the target holds so far. */
  readonly onProgress?: OnProgress;
  /** Default: never aborted. */
  readonly signal?: AbortSignal;
}

/** How a blob is read. */
export interface FetchOptions {
  /** How an interrupted stream is resumed. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Called with the bytes received so far. */
  readonly onProgress?: OnProgress;
  /** Default: never aborted. */
  readonly signal?: AbortSignal;
}

/** How fetchBytes() reads a blob. */
export interface FetchBytesOptions extends FetchOptions {
  /** The limit in bytes; a blob whose known size exceeds it is refused before it is read. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/**
 * Pushes bytes as a blob, unless the target has it; a string is encoded as UTF-8.
 *
 * @returns the descriptor for a manifest
 * @throws {PkgError} those of Target.pushBlob
 */
export async function pushBytes(
  target: Target,
  content: Uint8Array | string,
  options: PushOptions = {},
): Promise<Descriptor> {
  // A copy, because the caller may change its buffer during the push.
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const open = async (offset: number) => partOf(bytes, offset);
  const { signal = uninterrupted(), onProgress = () => {} } = options;
  await target.pushBlob({ digest, size: bytes.length, open, mountFrom: null, onProgress }, signal);
  return pushedDescriptor({ digest, size: bytes.length }, options);
}

/**
 * Fetches a blob into memory, verified.
 *
 * @throws {PkgError} BODY_TOO_LARGE over `maxBytes`; as verifiedBlob
 */
export async function fetchBytes(source: Source, blob: BlobAddress, options: FetchBytesOptions = {}): Promise<Buffer> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (blob.size !== null && blob.size > maxBytes) throw tooLarge(blob, maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of ownChunks(source, blob, options)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(blob, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A verified blob in chunks that the reader may keep: a source may reuse the memory of a chunk for the next one.
 *
 * @throws {PkgError} as verifiedBlob
 */
export async function* ownChunks(
  source: Source,
  { digest, size }: BlobAddress,
  { onProgress, ...reading }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let isWhole = false;
  try {
    for await (const chunk of verifiedBlob(source, { digest, size }, reading)) {
      bytes += chunk.byteLength;
      onProgress?.(bytes);
      yield new Uint8Array(chunk);
    }
    isWhole = true;
  } finally {
    if (!isWhole) onProgress?.(0);
  }
}

/** The descriptor of a pushed blob. */
export function pushedDescriptor(
  { digest, size }: Pick<Descriptor, "digest" | "size">,
  { mediaType = DEFAULT_MEDIA_TYPE, title = null, annotations = {} }: PushOptions,
): Descriptor {
  const titled = title === null ? annotations : { ...annotations, [TITLE_ANNOTATION]: title };
  return freezeDescriptor({ mediaType, digest, size, annotations: titled });
}

async function* partOf(bytes: Buffer, offset: number): AsyncGenerator<Uint8Array> {
  if (offset < bytes.length) yield bytes.subarray(offset);
}

function tooLarge({ digest }: BlobAddress, maxBytes: number): PkgError {
  return new PkgError("BODY_TOO_LARGE", `Cannot fetch blob "${digest}": it has more than ${byteCount(maxBytes)}`, {
    hint: "Raise maxBytes, or use fetchFile() or verifiedBlob(), which do not keep the blob in memory",
  });
}
