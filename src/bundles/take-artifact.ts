import { hasCode } from "../errors.ts";
import { openLocation } from "../network/open-location.ts";
import { fetchImageIndex } from "../obtain/provenance-index.ts";
import type { ManifestKey, RawDocument, Source } from "../oci/content.ts";
import { copy } from "../oci/copy.ts";
import type { CopyHooks } from "../oci/copy-options.ts";
import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import { documentKind } from "../oci/media-types.ts";
import { isTag } from "../oci/reference.ts";
import type { ArtifactOrigin, ImageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import { placeName, takeBlob } from "./take-blob.ts";
import type { TakenContents, TakingContext } from "./taking.ts";

type Origin = ArtifactOrigin | ImageOrigin;

/** Takes a package, or an image, for one machine: its manifest with all that it names and that refers to it. */
export async function takeArtifact(
  context: TakingContext,
  resolution: Resolution,
  origin: Origin,
): Promise<TakenContents> {
  const { network, machine, signal } = context;
  const purpose = {
    task: `fetch "${origin.text}"`,
    namedBy: resolution.repository === null ? "person" : "index",
  } as const;
  const { place, close } = await openLocation(network, origin.location, purpose);
  try {
    const key = origin.digest ?? origin.tag;
    if (origin.manifest !== null) return await takeManifest({ context, resolution, place }, origin, origin.manifest);
    if (key === null) throw new Error(`"${origin.text}" has neither tag nor digest`);
    const choice = { source: place, key, platform: null, machine, signal };
    return await withManifestOrBlob(choice, async (found) => {
      if (found.kind === "manifest") return takeManifest({ context, resolution, place }, origin, found.manifest);
      return takeBare(context, { ...resolution, origin: { ...origin, blob: found.digest } });
    });
  } finally {
    await close();
  }
}

async function takeBare(context: TakingContext, resolution: Resolution): Promise<TakenContents> {
  const { manifest } = await takeBlob(context, resolution);
  const place = { name: placeName(resolution), tags: {} };
  return { main: manifest, manifests: [manifest], documents: [], place, download: null };
}

interface Taking {
  readonly context: TakingContext;
  readonly resolution: Resolution;
  readonly place: Source;
}

async function takeManifest(taking: Taking, origin: Origin, manifest: Manifest): Promise<TakenContents> {
  const { resolution } = taking;
  const manifests = new Set<Digest>();
  await copyAll(taking, manifest.digest, manifests);
  const { tags, documents } = await namesOf(taking, origin, manifest);
  for (const { digest } of documents) await copyReferrersOf(taking, digest, manifests);
  const isLayer = manifest.layers.some(({ digest }) => digest === origin.blob);
  // A tag that was moved leads to something else than the index states, which is what is installed.
  if (origin.blob !== null && !isLayer) manifests.add((await takeBlob(taking.context, resolution)).manifest);
  const place = { name: placeName(resolution), tags };
  return { main: manifest.digest, manifests: [...manifests], documents, place, download: null };
}

async function copyAll({ context, resolution, place }: Taking, from: ManifestKey, found: Set<Digest>): Promise<void> {
  const { target, concurrency, retry, signal, emit } = context;
  const held = new Map<Digest, number>();
  const hooks: CopyHooks = {
    onManifest: ({ digest }) => found.add(digest),
    onProgress: ({ digest }, bytes) => {
      held.set(digest, bytes);
      const total = [...held.values()].reduce((sum, one) => sum + one, 0);
      emit({ kind: "task-progress", id: resolution.name, bytes: total, totalBytes: null, resumedBytes: 0 });
    },
  };
  await copy(place, target, { from, to: null, referrers: true, concurrency, retry, signal, hooks });
}

async function copyReferrersOf(taking: Taking, subject: Digest, found: Set<Digest>): Promise<void> {
  const { place, context } = taking;
  const referrers = await place.listReferrers(subject, { artifactType: null }, context.signal);
  for (const { digest } of referrers) if (!found.has(digest)) await copyAll(taking, digest, found);
}

interface Names {
  readonly tags: Readonly<Record<string, Digest>>;
  readonly documents: readonly Pick<RawDocument, "digest" | "bytes">[];
}

/** The image indexes that lead to the manifest, by the tags and digests under which they are looked for. */
async function namesOf({ context, resolution, place }: Taking, origin: Origin, manifest: Manifest): Promise<Names> {
  const { signal } = context;
  const tags: Record<string, Digest> = {};
  const documents = new Map<Digest, Pick<RawDocument, "digest" | "bytes">>();
  const add = ({ digest, bytes, mediaType }: RawDocument) => {
    if (documentKind(mediaType) === "index") documents.set(digest, { digest, bytes });
    return digest;
  };
  const { tag, digest } = origin;
  if (digest !== null && digest !== manifest.digest) add(await place.fetchDocument(digest, signal));
  if (tag !== null) {
    const tagged = await place.fetchDocument(tag, signal).catch(absent);
    if (tagged !== null) tags[tag] = add(tagged);
  }
  const index = await fetchImageIndex({ place, origin, manifest, version: resolution.version, signal });
  const versionTag = resolution.version.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  if (index !== null) {
    documents.set(index.digest, { digest: index.digest, bytes: index.bytes });
    if (isTag(versionTag)) tags[versionTag] ??= index.digest;
  }
  return { tags, documents: [...documents.values()] };
}

/** The tag may be gone, while the digest that an index states is still there. */
function absent(error: unknown): null {
  if (hasCode(error, "HTTP_NOT_FOUND")) return null;
  throw error;
}
