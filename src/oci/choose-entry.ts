import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode, PkgError } from "../errors.ts";
import { type FetchOptions, fetchBytes } from "./blob-bytes.ts";
import { readPlatform } from "./config-platform.ts";
import type { ManifestKey, Source } from "./content.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import { isDigest } from "./digest.ts";
import type { ImageIndex, ManifestDocument } from "./manifest.ts";
import { documentKind, OCI_EMPTY } from "./media-types.ts";
import { selectPlatform } from "./platform.ts";

/** The entry to choose, and where its image index is. */
export interface EntryChoice {
  readonly source: Source;
  readonly index: ImageIndex;
  readonly wanted: DescriptorPlatform;
  /** The index's name in an error. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Larger than any config that names a platform, whether of an image or of another artifact. */
const MAX_CONFIG_BYTES = 1024 * 1024;
/** More than any image has platforms; the limit bounds the requests. */
const MAX_UNNAMED = 32;
const CONCURRENCY = 4;

/**
 * Selects the manifest of an index for a platform. If no entry names one that fits, the configs of those that name none
 * decide; and if these name none either, the only one of them is for every platform.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED, with the platforms that exist; MANIFEST_INVALID if several manifests are for every
 * platform; those of the place
 * @see OCI image-spec 1.1, image-index.md, where `platform` is optional
 */
export async function chooseEntry(choice: EntryChoice): Promise<Descriptor> {
  const { index, wanted, name } = choice;
  try {
    return selectPlatform(index, wanted, name);
  } catch (error) {
    if (!hasCode(error, "PLATFORM_UNSUPPORTED")) throw error;
    return await chooseUnnamed(choice);
  }
}

async function chooseUnnamed(choice: EntryChoice): Promise<Descriptor> {
  const { index, wanted, name, source, signal } = choice;
  const unnamed = index.manifests.filter(
    ({ platform, mediaType }) => platform === undefined && documentKind(mediaType) === "manifest",
  );
  const read = await mapConcurrently(unnamed.slice(0, MAX_UNNAMED), CONCURRENCY, async (entry) => ({
    entry,
    platform: await configPlatform(source, await source.fetchManifest(entry.digest, signal), { signal }),
  }));
  const named = read.flatMap(({ entry, platform }) => (platform === null ? [] : [{ ...entry, platform }]));
  const forAll = read.filter(({ platform }) => platform === null).map(({ entry }) => entry);
  try {
    return selectPlatform({ ...index, manifests: [...index.manifests, ...named] }, wanted, name);
  } catch (error) {
    const [only] = forAll;
    if (only === undefined || !hasCode(error, "PLATFORM_UNSUPPORTED")) throw error;
    if (forAll.length === 1) return only;
    throw ambiguous(error, name, forAll.length);
  }
}

/** What a manifest or image index of a place is called in messages: the place, and the tag or the digest. */
export function nameIn({ location }: Pick<Source, "location">, key: ManifestKey): string {
  return `${location}${isDigest(key) ? "@" : ":"}${key}`;
}

/** The platform named in a manifest's config (OCI image-spec 1.1, config.md); null if there is none. */
export async function configPlatform(
  source: Source,
  document: ManifestDocument,
  reading: Pick<FetchOptions, "retry" | "signal">,
): Promise<DescriptorPlatform | null> {
  const config = document.kind === "manifest" ? document.manifest.config : null;
  if (config === null || config.mediaType === OCI_EMPTY || config.size > MAX_CONFIG_BYTES) return null;
  return readPlatform(await fetchBytes(source, config, { ...reading, maxBytes: MAX_CONFIG_BYTES }));
}

function ambiguous(error: PkgError, name: string, count: number): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot use "${name}": ${count} of its manifests name no platform`, {
    hint: "Name one of them by its digest: `pkg oci manifest inspect` shows them",
    cause: error,
  });
}
