import type { HashAlgorithm } from "../base/hashes.ts";
import type { BlobSource, StoredBlob } from "../blobs/blob-store.ts";
import type { Capabilities, Network, State } from "../capabilities/capabilities.ts";
import { keepsPartial, PkgError } from "../errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { isActive, neededHashes } from "../package/policy.ts";
import type { Link } from "../package/provides.ts";
import { type PackageFiles, titlesOf } from "../package-format/package-files.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { FetchedPackage, FetchedProgram, FetchedProvenance } from "../verify/fetched-package.ts";
import { fetchImageManifest, type ManifestRequest, withManifestOrBlob } from "./image-manifest.ts";
import { fetchProvenance } from "./provenance-fetch.ts";

export type FetchCapabilities = Pick<Capabilities, "config" | "emit" | "signal" | "now">;

/** GHCR's limit for one layer. */
export const MAX_BLOB_BYTES = 10 * 1024 ** 3;
const MAX_CHECKSUM_BYTES = 1024 * 1024;
const MAX_SIGNATURE_BYTES = 16 * 1024;

/** What fetching gives: the bytes, and which names they are to be linked as. */
export interface Fetched {
  readonly package: FetchedPackage;
  /** Those of a directory are known once it is unpacked. */
  readonly links: readonly Link[];
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
}

/** Everything one fetch shares. */
interface Job {
  readonly cap: FetchCapabilities;
  readonly network: Network;
  readonly state: State;
  readonly resolution: Resolution;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Transfers that were begun: none may be left to itself. */
  readonly transfers: Promise<StoredBlob>[];
}

/**
 * Gets exactly what the policy needs: with the main blob's digest known its bytes are asked for at once,
 * while the manifest and then CHECKSUM and signatures arrive beside it. What the store holds is not sent again.
 */
export async function fetchPackage(
  cap: FetchCapabilities,
  network: Network,
  state: State,
  resolution: Resolution,
): Promise<Fetched> {
  const controller = new AbortController();
  const signal = AbortSignal.any([cap.signal, controller.signal]);
  const progress = new Progress(cap, resolution);
  const job: Job = { cap, network, state, resolution, signal, progress, transfers: [] };
  try {
    return resolution.source.kind === "http"
      ? await fetchDownload(job, resolution.source)
      : await fetchArtifact(job, resolution.source);
  } catch (error) {
    // One failed part makes the others useless: stop them, and wait until they have put away what they wrote.
    controller.abort();
    const settled = await Promise.allSettled(job.transfers);
    const stored = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    if (!keepsPartial(error)) discardBlobs(state, stored);
    throw error;
  }
}

/** What did not pass is not kept, unless it is a part of something that did. */
export function discardBlobs({ blobs, installations }: State, unwanted: readonly StoredBlob[]): void {
  const kept = installations.referencedDigests();
  for (const { digest } of unwanted) if (!kept.has(digest)) blobs.remove(digest);
}

type OciSource = Resolution["source"] & { readonly kind: "oci" };

async function fetchArtifact(job: Job, source: OciSource): Promise<Fetched> {
  if (source.manifest !== null) return fetchFiles(job, source, { manifest: source.manifest, early: null });
  if (source.blob === null) {
    return withManifestOrBlob(manifestRequest(job, source), {
      manifest: (manifest) => fetchFiles(job, source, { manifest, early: null }),
      blob: (digest) => fetchArtifact(job, { ...source, blob: digest }),
    });
  }
  const early = fetchProgram(job, source.reference, {
    digest: source.blob,
    size: job.resolution.expected.sizeBytes,
  });
  // Awaited with the other files; until then a failure must not count as unhandled.
  early.catch(() => {});
  const manifest = needsManifest(job.resolution) ? await manifestOrFirstFailure(job, source, early) : null;
  return fetchFiles(job, source, { manifest, early });
}

interface Begun {
  readonly manifest: Manifest | null;
  /** The fetch of the main file, when it was begun before the manifest was known. */
  readonly early: Promise<StoredBlob> | null;
}

async function fetchFiles(job: Job, source: OciSource, { manifest, early }: Begun): Promise<Fetched> {
  const artifact = titlesOf(job.resolution, source, manifest);
  const layers = manifest === null ? new Map<string, Descriptor>() : layersByTitle(manifest);
  const [provenance, checksum, checksumSignature, ...programs] = await Promise.all([
    fetchBuilder(job, source, { manifest, layers, titles: artifact.programs }),
    fetchDocument(job, source.reference, layers.get("CHECKSUM"), MAX_CHECKSUM_BYTES),
    wantsSignatures(job.resolution)
      ? fetchDocument(job, source.reference, layers.get("CHECKSUM.sig"), MAX_SIGNATURE_BYTES)
      : null,
    ...artifact.programs.map((title, index) =>
      fetchTitled(job, { source, layers, title, early: index === 0 ? early : null, archive: artifact.isDirectory }),
    ),
  ]);
  return {
    package: { name: job.resolution.name, manifest, programs, checksum, checksumSignature, provenance },
    links: artifact.links,
    receivedBytes: job.progress.received,
  };
}

interface Placed {
  readonly manifest: Manifest | null;
  readonly layers: ReadonlyMap<string, Descriptor>;
  readonly titles: readonly string[];
}

/** Where the policy asks who built it: it is looked for while the bytes arrive. */
async function fetchBuilder(job: Job, source: OciSource, placed: Placed): Promise<FetchedProvenance | null> {
  const { name, version, policy } = job.resolution;
  const { manifest, layers, titles } = placed;
  if (!isActive(policy, "provenance") || manifest === null) return null;
  return fetchProvenance({
    registry: job.network.registry,
    reference: source.reference,
    name,
    version,
    manifest,
    programs: titles.flatMap((title) => layers.get(title)?.digest ?? []),
    policy: policy.provenance,
    now: job.cap.now(),
    signal: job.signal,
  });
}

function manifestRequest({ network, cap, signal }: Job, { reference }: OciSource): ManifestRequest {
  return { registry: network.registry, reference, machine: cap.config, signal };
}

/** A blob that fails first ends the wait for the manifest, and the other way round. */
async function manifestOrFirstFailure(job: Job, source: OciSource, early: Promise<StoredBlob>): Promise<Manifest> {
  const manifest = fetchImageManifest(manifestRequest(job, source));
  manifest.catch(() => {});
  const failed = new Promise<never>((_, reject) => early.catch(reject));
  return Promise.race([manifest, failed]);
}

/** Without a CHECKSUM, a signature or a builder to find, the digest in the index is all there is to know. */
function needsManifest({ policy }: Resolution): boolean {
  return (["checksum", "signature", "provenance"] as const).some((check) => isActive(policy, check));
}

function wantsSignatures(resolution: Resolution): boolean {
  return resolution.policy.keys.length > 0 && isActive(resolution.policy, "signature");
}

interface TitledRequest {
  readonly source: OciSource;
  readonly layers: ReadonlyMap<string, Descriptor>;
  readonly title: string;
  readonly early: Begun["early"];
  readonly archive: boolean;
}

async function fetchTitled(job: Job, request: TitledRequest): Promise<FetchedProgram> {
  const { source, layers, title, early, archive } = request;
  const layer = layers.get(title);
  const program = early ?? fetchProgram(job, source.reference, mustHave(layer, title, source.reference));
  const signature = wantsSignatures(job.resolution)
    ? fetchDocument(job, source.reference, layers.get(`${title}.sig`), MAX_SIGNATURE_BYTES)
    : null;
  const [blob, signed] = await Promise.all([program, signature]);
  // The index speaks of the main file only.
  const expected =
    early === null && source.blob !== null ? { sha256: null, blake3: null, sizeBytes: null } : job.resolution.expected;
  return { title, blob, signature: signed, expected, ...(archive ? { archive } : {}) };
}

function mustHave(layer: Descriptor | undefined, title: string, reference: Reference): Descriptor {
  if (layer !== undefined) return layer;
  throw new PkgError("LAYER_MISSING", `Cannot install "${formatReference(reference)}": it holds no file "${title}"`, {
    hint: `Run \`pkg pull ${formatReference(reference)}\` to look at its files`,
  });
}

async function fetchDocument(
  job: Job,
  reference: Reference,
  layer: Descriptor | undefined,
  maxBytes: number,
): Promise<Buffer | null> {
  if (layer === undefined) return null;
  const bytes = await job.network.registry.fetchBlob({
    reference,
    digest: layer.digest,
    size: layer.size,
    maxBytes,
    signal: job.signal,
  });
  job.progress.add(bytes.length);
  return bytes;
}

interface WantedBlob {
  readonly digest: Digest;
  readonly size: number | null;
}

function fetchProgram(job: Job, reference: Reference, wanted: WantedBlob): Promise<StoredBlob> {
  return storeBlob(job, wanted, (request) => job.network.registry.openBlob({ reference, ...wanted, ...request }));
}

/** From the store when it holds the blob, else from `source`. */
function storeBlob(job: Job, { digest, size }: WantedBlob, source: BlobSource): Promise<StoredBlob> {
  const transfer = job.state.blobs.obtain({
    digest,
    size,
    maxBytes: MAX_BLOB_BYTES,
    hashes: hashesFor(job.resolution),
    signal: job.signal,
    source: (request) => {
      job.cap.emit({ kind: "task-step", id: job.resolution.name, step: "fetch" });
      return source(request);
    },
    onProgress: job.progress.of(digest),
  });
  job.transfers.push(transfer);
  return transfer;
}

function hashesFor(resolution: Resolution): readonly HashAlgorithm[] {
  return neededHashes(resolution.policy, resolution.expected);
}

async function fetchDownload(job: Job, source: Resolution["source"] & { readonly kind: "http" }): Promise<Fetched> {
  const { resolution, network } = job;
  const wanted = { digest: source.blob, size: resolution.expected.sizeBytes };
  const url = new URL(source.url);
  const blob = await storeBlob(job, wanted, ({ signal }) => network.openDownload({ url, signal }));
  const program: FetchedProgram = { title: resolution.name, blob, signature: null, expected: resolution.expected };
  const artifact: PackageFiles = titlesOf(resolution, null, null);
  return {
    package: {
      name: resolution.name,
      manifest: null,
      programs: [program],
      checksum: null,
      checksumSignature: null,
      provenance: null,
    },
    links: artifact.links,
    receivedBytes: job.progress.received,
  };
}

/** Adds up what several transfers of one package have received and reports it as one figure. */
class Progress {
  readonly #cap: FetchCapabilities;
  readonly #resolution: Resolution;
  readonly #blobs = new Map<Digest, number>();
  #documents = 0;

  constructor(cap: FetchCapabilities, resolution: Resolution) {
    this.#cap = cap;
    this.#resolution = resolution;
  }

  get received(): number {
    return [...this.#blobs.values()].reduce((sum, bytes) => sum + bytes, this.#documents);
  }

  add(bytes: number): void {
    this.#documents += bytes;
  }

  of(digest: Digest): (bytes: number) => void {
    return (bytes) => {
      this.#blobs.set(digest, bytes);
      this.#cap.emit({
        kind: "task-progress",
        id: this.#resolution.name,
        bytes: this.received,
        totalBytes: this.#resolution.expected.sizeBytes,
      });
    };
  }
}
