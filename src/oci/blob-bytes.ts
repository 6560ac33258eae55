import { type RetrySettings, uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, Source, Target } from "./content.ts";
import { type Descriptor, freezeDescriptor, TITLE_ANNOTATION } from "./descriptor.ts";
import { digestOf } from "./digest.ts";
import { verifiedBlob } from "./verified-blob.ts";

/** The media type of bytes of which nothing is known. */
export const DEFAULT_MEDIA_TYPE = "application/octet-stream";

/** Bytes that fetchBytes() takes into memory unless told otherwise. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** What a manifest is to say of a blob that is pushed. */
export interface PushOptions {
  /** Default: `application/octet-stream`. */
  readonly mediaType?: string;
  /** The name of the file that it is when it is pulled (TITLE_ANNOTATION); null: none. */
  readonly title?: string | null;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Told of the bytes that the target holds so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Default: nothing interrupts. */
  readonly signal?: AbortSignal;
}

/** How a blob is read. */
export interface FetchOptions {
  /** How a stream that breaks off is resumed. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Told of the bytes that have come so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Default: nothing interrupts. */
  readonly signal?: AbortSignal;
}

/** How fetchBytes() reads a blob. */
export interface FetchBytesOptions extends FetchOptions {
  /** Bytes; more are refused before they are read where the blob's size is known. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/**
 * Writes bytes as a blob, unless they are there; a string is written as UTF-8.
 *
 * @returns the descriptor to put into a manifest
 * @throws {PkgError} those of Target.pushBlob
 */
export async function pushBytes(
  target: Target,
  content: Uint8Array | string,
  options: PushOptions = {},
): Promise<Descriptor> {
  // A copy: whoever called may go on using its own while this is sent.
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const open = async (offset: number) => partOf(bytes, offset);
  const { signal = uninterrupted(), onProgress = () => {} } = options;
  await target.pushBlob({ digest, size: bytes.length, open, mountFrom: null, onProgress }, signal);
  return pushedDescriptor({ digest, size: bytes.length }, options);
}

/**
 * A blob's bytes, verified.
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
 * A verified blob in chunks that the reader may keep: a source may use the memory of one for the next.
 *
 * @throws {PkgError} as verifiedBlob
 */
export async function* ownChunks(
  source: Source,
  { digest, size }: BlobAddress,
  { onProgress, ...reading }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of verifiedBlob(source, { digest, size }, reading)) {
    bytes += chunk.byteLength;
    onProgress?.(bytes);
    yield new Uint8Array(chunk);
  }
}

/** What a manifest says of a blob that was pushed. */
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
  return new PkgError("BODY_TOO_LARGE", `Cannot fetch blob "${digest}": it has more than ${maxBytes} bytes`, {
    hint: "Raise maxBytes, or use fetchFile() or verifiedBlob(), which take no memory for it",
  });
}
