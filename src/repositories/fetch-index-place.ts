import { retry } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { INDEX_LAYER, INDEX_SIGNATURE_LAYER } from "../index/index-artifact.ts";
import { openLocation } from "../network/open-location.ts";
import type { BlobPosition, ManifestKey, Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { keyIn, type Location } from "../oci/location.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { INDEX_ARTIFACT_TYPE } from "../package/artifact-types.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { retriesFor } from "./download-index.ts";
import {
  type FetchedIndex,
  type FetchIndexRequest,
  type IndexReader,
  missingSignatures,
  signaturesTooLarge,
} from "./fetched-index.ts";
import { type DownloadedIndex, MAX_DOWNLOAD_BYTES } from "./index-download.ts";
import { gatherIndex, INDEX_HASHES, indexStore } from "./index-store.ts";

/**
 * Fetches an index from a registry, a layout, or a tar of one. Its manifest names index and signatures by digest, so
 * the two belong together, and its own digest shows with a single request whether anything has changed.
 */
export async function fetchPlaceIndex(
  reader: IndexReader,
  request: FetchIndexRequest,
  location: Location,
): Promise<FetchedIndex | null> {
  const { task, namedBy } = request;
  const opened = await openLocation(reader.network, location, { task, namedBy });
  try {
    return await fetchFrom(reader, request, { place: opened.place, key: keyOf(location) });
  } finally {
    await opened.close();
  }
}

/** The digest if there is one, else the tag. */
function keyOf(location: Location): ManifestKey {
  const { tag, digest } = keyIn(location);
  const key = digest ?? tag;
  if (key === null) throw new Error("the address of an index has neither tag nor digest");
  return key;
}

interface Keyed {
  readonly place: Source;
  readonly key: ManifestKey;
}

/** Fetches the index that an open place has under a key. */
export async function fetchFrom(
  reader: IndexReader,
  request: FetchIndexRequest,
  keyed: Keyed,
): Promise<FetchedIndex | null> {
  const { task, known } = request;
  const manifest = await fetchManifest(reader, request, keyed);
  if (manifest.digest === known?.etag) return null;
  const layers = layersByTitle(manifest);
  const index = layers.get(INDEX_LAYER.title);
  if (index === undefined) throw noIndex(task, keyed, `it has no file "${INDEX_LAYER.title}"`, manifest.artifactType);
  const signature = layers.get(INDEX_SIGNATURE_LAYER.title);
  const download = await fetchLayer(reader, request, { place: keyed.place, layer: index, etag: manifest.digest });
  try {
    const bytes = signature === undefined ? null : await fetchSignatures(reader, task, keyed.place, signature);
    const signatures = async () => bytes ?? missing(task);
    return { download, signatures, fileNames: [INDEX_LAYER.title], isOneMoment: true };
  } catch (error) {
    download.remove();
    throw error;
  }
}

function missing(task: string): never {
  throw missingSignatures(task);
}

async function fetchManifest(reader: IndexReader, { task }: FetchIndexRequest, keyed: Keyed): Promise<Manifest> {
  const { signal, onAnswer } = reader;
  // Whoever waits for the index decides how long, and is told of each try.
  const once = () => keyed.place.fetchManifest(keyed.key, signal, { attempts: 1 });
  const document = await retry(once, retriesFor(reader));
  onAnswer?.();
  if (document.kind === "manifest") return document.manifest;
  throw noIndex(task, keyed, "it is an image index", "an image index");
}

interface IndexLayerRequest {
  readonly place: Source;
  readonly layer: Descriptor;
  readonly etag: string;
}

async function fetchLayer(
  { retry: settings, signal, blobs }: IndexReader,
  { beside, onProgress }: FetchIndexRequest,
  { place, layer, etag }: IndexLayerRequest,
): Promise<DownloadedIndex> {
  const { digest, size } = layer;
  const store = indexStore({ blobs, beside, retry: settings });
  const transfer = {
    ...{ maxBytes: MAX_DOWNLOAD_BYTES, hashes: INDEX_HASHES },
    ...{ digest, size, signal },
    source: (position: BlobPosition) => place.openBlob({ digest, size }, position, signal),
    onProgress: (bytes: number, resumedBytes?: number) => onProgress(bytes, size, resumedBytes),
  };
  const gathered = await gatherIndex((take) => store.deliver(transfer, take));
  return { ...gathered, etag, lastModified: null, isResumed: false };
}

async function fetchSignatures(
  { retry: settings, signal }: IndexReader,
  task: string,
  place: Source,
  layer: Descriptor,
): Promise<Buffer> {
  if (layer.size > MAX_SIGNATURE_LIST_BYTES) throw signaturesTooLarge(task, layer.size);
  const chunks: Uint8Array[] = [];
  for await (const chunk of verifiedBlob(place, layer, { retry: settings, signal })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function noIndex(task: string, { place, key }: Keyed, problem: string, found: string | null): PkgError {
  const name = `${place.location}${key.includes(":") ? "@" : ":"}${key}`;
  return new PkgError(
    "INDEX_INVALID",
    `Cannot ${task}: "${name}" is not a package index: ${problem}, expected artifact type "${INDEX_ARTIFACT_TYPE}", found "${found ?? "none"}"`,
    { hint: "Name what `pkg index publish` published; `pkg repo list` shows the addresses of your repositories" },
  );
}
