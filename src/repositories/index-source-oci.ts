import type { Network } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { INDEX_LAYER, INDEX_SIGNATURE_LAYER } from "../index/index-artifact.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { registryRepository } from "../registry-client/registry-repository.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { answerDeadline } from "./answer-deadline.ts";
import { type FetchedIndex, type FetchIndexRequest, missingSignatures } from "./fetched-index.ts";
import { type DownloadedIndex, storeDownload } from "./index-download.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/**
 * An index in a registry. Its manifest names index and signatures by their digests, so the two belong together, and its
 * own digest tells whether anything has changed: that takes one request.
 */
export async function fetchOciIndex(
  cap: SyncCapabilities,
  request: FetchIndexRequest,
  reference: Reference,
): Promise<FetchedIndex | null> {
  const { name } = request.repository;
  const network = await cap.network();
  const manifest = await fetchManifest(cap, { network, request, reference });
  if (manifest.digest === request.known?.etag) return null;
  const layers = layersByTitle(manifest);
  const layer = layers.get(INDEX_LAYER.title);
  if (layer === undefined) throw noIndex(name, reference, `it has no file "${INDEX_LAYER.title}"`);
  const download = await fetchLayer(cap, { network, name, reference, layer, etag: manifest.digest });
  const signatures = async () => {
    const { digest, size } = layers.get(INDEX_SIGNATURE_LAYER.title) ?? missing(name);
    const blob = { reference, digest, size, maxBytes: MAX_SIGNATURE_LIST_BYTES, signal: cap.signal };
    return network.registry.fetchBlob(blob);
  };
  return { download, signatures, fileNames: [INDEX_LAYER.title], isOneMoment: true };
}

function missing(name: string): never {
  throw missingSignatures(name);
}

interface ManifestRequest {
  readonly network: Network;
  readonly request: FetchIndexRequest;
  readonly reference: Reference;
}

async function fetchManifest(
  { signal }: SyncCapabilities,
  { network, request, reference }: ManifestRequest,
): Promise<Manifest> {
  const { repository, answerWithinMs } = request;
  const deadline = answerDeadline(signal, answerWithinMs, repository.name);
  try {
    const attempts = answerWithinMs === null ? undefined : 1;
    const document = await network.registry.fetchManifest(reference, deadline.signal, attempts);
    deadline.answered();
    if (document.kind === "manifest") return document.manifest;
  } catch (error) {
    throw deadline.explain(error);
  }
  throw noIndex(repository.name, reference, "it is an image index");
}

interface LayerRequest {
  readonly network: Network;
  readonly name: string;
  readonly reference: Reference;
  readonly layer: Descriptor;
  readonly etag: string;
}

function fetchLayer(
  cap: SyncCapabilities,
  { network, name, reference, layer, etag }: LayerRequest,
): Promise<DownloadedIndex> {
  const source = registryRepository(network.registry, reference);
  const body = verifiedBlob(source, layer, { retry: cap.retry, signal: cap.signal });
  return storeDownload(cap.indexes.path(name), body, {
    etag,
    lastModified: null,
    declaredBytes: layer.size,
    onProgress: (bytes) => cap.emit({ kind: "task-progress", id: `sync:${name}`, bytes, totalBytes: layer.size }),
  });
}

function noIndex(name: string, reference: Reference, problem: string): PkgError {
  return new PkgError(
    "INDEX_INVALID",
    `Cannot sync "${name}": "${formatReference(reference)}" is no index of packages: ${problem}`,
    { hint: "Check the repository's url with `pkg repo list`; `pkg index publish` makes such an index" },
  );
}
