import { byteCount } from "../base/format-bytes.ts";
import { asObject, type JsonObject, parseJsonOrNull } from "../base/json.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { ManifestKey, RawDocument } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { checkDigest, writtenMediaType } from "../oci/manifest.ts";
import type { LayoutFiles } from "./files.ts";
import { findManifest, type LayoutIndex } from "./index-json.ts";

/**
 * The descriptor of what a tag or digest names. A digest may also name a document that is not in the index, such as one
 * listed in a nested index.
 *
 * @throws {PkgError} HTTP_NOT_FOUND; LAYOUT_INVALID, DIGEST_MISMATCH
 */
export async function resolveDocument(files: LayoutFiles, key: ManifestKey, signal: AbortSignal): Promise<Descriptor> {
  const listed = findManifest(await files.readIndex(), key);
  if (listed !== null) {
    if ((await files.blobSize(listed.digest)) !== null) return listed;
    throw missing(files, key, `the index names it, but its blob "${listed.digest}" is missing`);
  }
  if (!isDigest(key)) throw missing(files, key, "it has no such tag");
  const { mediaType, digest, bytes } = await readUnlisted(files, key, signal);
  return { mediaType, digest, size: bytes.length, annotations: {} };
}

/**
 * The document that a tag or digest names, of any media type.
 *
 * @throws {PkgError} as resolveDocument; SIZE_MISMATCH if its size differs from the one in the index
 */
export async function readLayoutDocument(
  files: LayoutFiles,
  key: ManifestKey,
  signal: AbortSignal,
): Promise<RawDocument> {
  const listed = findManifest(await files.readIndex(), key);
  if (listed === null) {
    if (isDigest(key)) return readUnlisted(files, key, signal);
    throw missing(files, key, "it has no such tag");
  }
  const { mediaType, digest, size } = listed;
  const bytes = await readBlobBytes(files, digest, signal);
  if (bytes.length === size) return { mediaType, digest, bytes };
  throw new PkgError(
    "SIZE_MISMATCH",
    `Cannot use manifest "${digest}" of "${files.location}": expected ${byteCount(size)}, found ${bytes.length}`,
    { hint: "Make or copy it again: its documents and its content contradict each other" },
  );
}

/** Every manifest in the index, each once; unreadable ones are skipped. */
export async function* readListed(
  files: LayoutFiles,
  index: LayoutIndex,
  signal: AbortSignal,
): AsyncGenerator<RawDocument> {
  const seen = new Set<Digest>();
  for (const { descriptor } of index.manifests) {
    if (seen.has(descriptor.digest)) continue;
    seen.add(descriptor.digest);
    const document = await tryRead(files, descriptor.digest, signal);
    if (document !== null) yield document;
  }
}

/** The document with a digest; null if it is missing or damaged. */
export async function tryRead(files: LayoutFiles, digest: Digest, signal: AbortSignal): Promise<RawDocument | null> {
  try {
    return await readLayoutDocument(files, digest, signal);
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND", "DIGEST_MISMATCH", "SIZE_MISMATCH")) return null;
    throw error;
  }
}

/** The media type of a document that has no descriptor; null if the bytes are not a manifest or image index. */
export function documentType(bytes: Buffer): string | null {
  const document = parseDocument(bytes);
  return document === null ? null : writtenMediaType(document);
}

/** The error for a tag, manifest or blob that does not exist. */
export function missing({ location }: Pick<LayoutFiles, "location">, key: string, problem: string): PkgError {
  return new PkgError("HTTP_NOT_FOUND", `Cannot find "${key}" in "${location}": ${problem}`, {
    hint: "Name something that is there; if only a part of it was copied, copy it again",
  });
}

async function readUnlisted(files: LayoutFiles, digest: Digest, signal: AbortSignal): Promise<RawDocument> {
  const bytes = await readBlobBytes(files, digest, signal);
  const mediaType = documentType(bytes);
  if (mediaType === null) throw missing(files, digest, "it is not a manifest");
  return { mediaType, digest, bytes };
}

/** The bytes of a document, verified. @throws {PkgError} HTTP_NOT_FOUND, also if it is too large; DIGEST_MISMATCH */
export async function readBlobBytes(files: LayoutFiles, digest: Digest, signal: AbortSignal): Promise<Buffer> {
  const size = await files.blobSize(digest);
  if (size === null) throw missing(files, digest, "it is not there");
  if (size > MAX_MANIFEST_BYTES) throw missing(files, digest, "it is too large for a manifest");
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.readBlob(digest, 0, signal)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  checkDigest(bytes, digest);
  return bytes;
}

function parseDocument(bytes: Buffer): JsonObject | null {
  // Most blobs are not JSON, which their first bytes show without decoding the rest.
  if (!/^\uFEFF?\s*\{/.test(bytes.toString("utf8", 0, 64))) return null;
  return asObject(parseJsonOrNull(bytes));
}
