import {
  BUNDLE_TYPE,
  type BundleTable,
  DOCUMENT_LAYER_TYPE,
  formatTable,
  TABLE_LAYER,
  TABLE_TYPE,
} from "../bundle-format/table.ts";
import { buildDocument, descriptorFields } from "../oci/artifact.ts";
import { pushBytes } from "../oci/blob-bytes.ts";
import type { Target } from "../oci/content.ts";
import type { Descriptor, DescriptorPlatform } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { parseKnown } from "../oci/graph.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import { packManifest } from "../oci/pack-manifest.ts";
import { TYPE_ANNOTATION } from "../package/artifact-types.ts";

/** All that has been copied into a bundle, and how it is to be found there. */
export interface BundleContent {
  readonly table: BundleTable;
  readonly manifests: readonly Digest[];
  /** Which machine a manifest is for. */
  readonly platforms: ReadonlyMap<Digest, DescriptorPlatform>;
  readonly documents: readonly { readonly digest: Digest; readonly bytes: Buffer }[];
  /** A tag for each package, so that each can be copied alone. */
  readonly tags: ReadonlyMap<string, Digest>;
  /** That of the whole. */
  readonly tag: string;
}

/**
 * Names what a bundle has: one image index with every manifest, so that any tool copies all of it by one tag; and a tag for each
 * package. The same content gives the same bytes.
 *
 * @throws {PkgError} MANIFEST_INVALID when there is too much for one image index; those of the target
 */
export async function writeBundle(target: Target, content: BundleContent, signal: AbortSignal): Promise<Digest> {
  const table = await pushTable(target, content, signal);
  const digests = [...new Set(content.manifests)].toSorted();
  const entries: Descriptor[] = [
    { ...table, artifactType: TABLE_TYPE, annotations: { [TYPE_ANNOTATION]: TABLE_TYPE } },
  ];
  for (const digest of digests) entries.push(await entryOf(target, digest, { content, signal }));
  const root = buildDocument(OCI_INDEX, {
    ...{ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: BUNDLE_TYPE },
    manifests: entries.map(descriptorFields),
  });
  await target.pushManifest({ ...root, tag: content.tag }, signal);
  const named = [...content.tags].toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [tag, digest] of named) {
    await target.pushManifest({ ...(await target.fetchDocument(digest, signal)), tag }, signal);
  }
  return root.digest;
}

async function pushTable(
  target: Target,
  { table, documents }: BundleContent,
  signal: AbortSignal,
): Promise<Descriptor> {
  const { title, mediaType } = TABLE_LAYER;
  const layers = [await pushBytes(target, formatTable(table), { title, mediaType, signal })];
  const sorted = [...new Map(documents.map((each) => [each.digest, each])).values()].toSorted((one, other) =>
    one.digest < other.digest ? -1 : 1,
  );
  for (const { bytes, digest } of sorted) {
    layers.push(
      await pushBytes(target, bytes, {
        title: `${digest.replace(":", "-")}.json`,
        mediaType: DOCUMENT_LAYER_TYPE,
        signal,
      }),
    );
  }
  return packManifest(target, { artifactType: TABLE_TYPE, layers, signal });
}

interface Entry {
  readonly content: BundleContent;
  readonly signal: AbortSignal;
}

async function entryOf(target: Target, digest: Digest, { content, signal }: Entry): Promise<Descriptor> {
  const document = await target.fetchDocument(digest, signal);
  const parsed = parseKnown(document);
  const artifactType = parsed?.kind === "manifest" ? parsed.manifest.artifactType : null;
  const platform = content.platforms.get(digest);
  return {
    ...{ mediaType: document.mediaType, digest, size: document.bytes.length, annotations: {} },
    ...(platform === undefined ? {} : { platform }),
    ...(artifactType === null ? {} : { artifactType }),
  };
}
