import { byteCount } from "../base/format-bytes.ts";
import { isNotFound, PkgError } from "../errors.ts";
import type { BlobAddress, BlobPosition, BlobStream, ManifestKey, ManifestUpload } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { isForeignLayer, namedBy, namedIn, parseAny, parseKnown } from "../oci/graph.ts";
import type { LocalTarget } from "../oci/local-target.ts";
import { checkDigest, parseManifestDocument } from "../oci/manifest.ts";
import { missing, readLayoutDocument, resolveDocument, tryRead } from "./documents.ts";
import type { LayoutFiles } from "./files.ts";
import { tagsOf, withManifest, withoutManifest, withoutTag } from "./index-json.ts";
import { createReferrersReader, impliedEntries } from "./referrers.ts";

/** Makes a Target of a layout's storage. */
export function layoutTarget(files: LayoutFiles): LocalTarget {
  const referrers = createReferrersReader(files);
  return {
    isLocal: true,
    location: files.location,
    resolve: (key, signal) => resolveDocument(files, key, signal),
    async fetchManifest(key, signal) {
      const { bytes, mediaType, digest } = await readLayoutDocument(files, key, signal);
      return parseManifestDocument(bytes, mediaType, digest);
    },
    fetchDocument: (key, signal) => readLayoutDocument(files, key, signal),
    openBlob: (blob, position, signal) => openBlob(files, { blob, position, signal }),
    listManifests: async () => [
      ...new Set((await files.readIndex()).manifests.map(({ descriptor }) => descriptor.digest)),
    ],
    listTags: async () => tagsOf(await files.readIndex()),
    listReferrers: (subject, filter, signal) => referrers.read(subject, filter, signal),
    pushBlob: (blob, signal) => files.writeBlob(blob, signal),
    pushManifest: async (manifest, signal) => {
      await pushManifest(files, manifest, signal);
      // Referrers are found by reading the manifests; the layout keeps no list of them.
      return { listedBy: null };
    },
    hasBlob: (blob) => hasBlob(files, blob),
    hasManifest: (digest, signal) => hasManifest(files, digest, signal),
    deleteManifest: (key, signal) => deleteManifest(files, key, signal),
    deleteBlob: (digest) => deleteBlob(files, digest),
  };
}

interface OpenRequest {
  readonly blob: BlobAddress;
  readonly position: BlobPosition;
  readonly signal: AbortSignal;
}

async function openBlob(files: LayoutFiles, { blob, position, signal }: OpenRequest): Promise<BlobStream> {
  const { digest } = blob;
  const size = await files.blobSize(digest);
  if (size === null) throw missing(files, digest, "it is not there");
  if (blob.size !== null && blob.size !== size) {
    throw new PkgError(
      "SIZE_MISMATCH",
      `Cannot read blob "${digest}" of "${files.location}": expected ${byteCount(blob.size)}, found ${size}`,
      { hint: "Make or copy it again: its documents and its content contradict each other" },
    );
  }
  const offset = Math.min(position.offset, size);
  return { offset, size, validator: null, body: files.readBlob(digest, offset, signal) };
}

async function hasBlob(files: LayoutFiles, { digest, size }: BlobAddress): Promise<boolean> {
  const found = await files.blobSize(digest);
  return found !== null && (size === null || size === found);
}

/** Checks for the manifest's blobs too, which is cheap here: another copy then repairs a layout that has lost one. */
async function hasManifest(files: LayoutFiles, digest: Digest, signal: AbortSignal): Promise<boolean> {
  if ((await files.blobSize(digest)) === null) return false;
  const document = await tryRead(files, digest, signal);
  if (document === null) return false;
  const parsed = parseAny(document);
  // An unreadable manifest names no blobs to check.
  if (parsed === null) return true;
  for (const blob of namedIn(parsed).blobs) {
    if (!isForeignLayer(blob) && !(await hasBlob(files, blob))) return false;
  }
  return true;
}

/**
 * Adds the document to the index; untagged entries that it names are removed, as they can be found through it.
 *
 * @see OCI image-spec 1.1, image-layout.md, "index.json file"
 */
async function pushManifest(files: LayoutFiles, upload: ManifestUpload, signal: AbortSignal): Promise<void> {
  // The caller may change its buffer during the write.
  const manifest = { ...upload, bytes: Buffer.from(upload.bytes) };
  const { bytes, digest, tag } = manifest;
  checkDigest(bytes, digest);
  await files.writeBlob(uploadOf(manifest), signal);
  const children = namedBy(manifest).manifests.map((child) => child.digest);
  await files.changeIndex(async (index) => {
    const listed = withManifest(index, describe(manifest), tag);
    const implied = await impliedEntries(files, { index: listed, children, signal });
    return implied.reduce(withoutManifest, listed);
  }, signal);
}

function uploadOf({ bytes, digest }: ManifestUpload) {
  const open = async (offset: number) => chunksOf(bytes.subarray(offset));
  return { digest, size: bytes.length, open, mountFrom: null };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

function describe(manifest: ManifestUpload): Descriptor {
  const { mediaType, digest, bytes } = manifest;
  const document = parseKnown(manifest);
  const content = document?.kind === "manifest" ? document.manifest : document?.index;
  const artifactType = content?.artifactType || undefined;
  const type = artifactType === undefined ? {} : { artifactType };
  return { mediaType, digest, size: bytes.length, annotations: {}, ...type };
}

async function deleteManifest(files: LayoutFiles, key: ManifestKey, signal: AbortSignal): Promise<void> {
  await refuseAbsent(files, key);
  if (isDigest(key)) return deleteByDigest(files, key, signal);
  let isFound = false;
  await files.changeIndex((index) => {
    const changed = withoutTag(index, key);
    isFound = changed !== index;
    return changed;
  }, signal);
  if (!isFound) throw missing(files, key, "it has no such tag");
}

/** Refuses to delete from a layout that does not exist: changing its index would create it. */
async function refuseAbsent(files: LayoutFiles, key: ManifestKey): Promise<void> {
  try {
    await files.readIndex();
  } catch (error) {
    throw isNotFound(error) ? missing(files, key, "the layout does not exist") : error;
  }
}

async function deleteByDigest(files: LayoutFiles, digest: Digest, signal: AbortSignal): Promise<void> {
  let isFound = false;
  await files.changeIndex((index) => {
    const changed = withoutManifest(index, digest);
    isFound = changed !== index;
    return changed;
  }, signal);
  const isRemoved = !(await files.sharesBlobs()) && (await files.removeBlob(digest));
  if (!isFound && !isRemoved) throw missing(files, digest, "it is not there");
}

async function deleteBlob(files: LayoutFiles, digest: Digest): Promise<void> {
  if (await files.sharesBlobs()) {
    throw new PkgError(
      "LAYOUT_INVALID",
      `Cannot delete blob "${digest}" of "${files.location}": its blobs are shared`,
      {
        hint: "Delete it in the directory that holds the blobs",
      },
    );
  }
  if (!(await files.removeBlob(digest))) throw missing(files, digest, "it is not there");
}
