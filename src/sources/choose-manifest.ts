import { hasCode, PkgError } from "../errors.ts";
import { chooseEntry, nameIn } from "../oci/choose-entry.ts";
import type { ManifestKey, ReadOptions, Source } from "../oci/content.ts";
import type { Descriptor, DescriptorPlatform } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { LIBC_FEATURES } from "../package/libc.ts";
import { type Machine, machinePlatform, unsupportedHint } from "../package/machine.ts";
import { ociPlatform } from "../package/platform.ts";

export interface ManifestChoice {
  readonly source: Source;
  readonly key: ManifestKey;
  readonly machine: Machine;
  /** The entry of an image index that a person asked for; null: the machine's. */
  readonly platform: DescriptorPlatform | null;
  readonly signal: AbortSignal;
}

/** What a digest may name. */
export type ManifestOrBlob =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "blob"; readonly digest: Digest };

/**
 * The manifest that a tag or digest names; through an image index, the one for a platform.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED when the index has none for the platform; MANIFEST_INVALID for an index in an index;
 * those of the place
 */
export async function chooseManifest(choice: ManifestChoice, options: ReadOptions = {}): Promise<Manifest> {
  const { source, key, signal } = choice;
  const document = await source.fetchManifest(key, signal, options);
  if (document.kind === "manifest") return document.manifest;
  const inner = await source.fetchManifest((await selectEntry(document.index, choice)).digest, signal);
  if (inner.kind === "manifest") return inner.manifest;
  throw new PkgError(
    "MANIFEST_INVALID",
    `Cannot use "${nameIn(source, key)}": its image index leads to another image index`,
    { hint: "Name one of its manifests by its digest: `pkg oci manifest inspect` shows them" },
  );
}

/**
 * Calls `work` with what a key names. Only the place knows whether a digest is that of a manifest or of a blob: the
 * manifest is requested first, without retries, since some registries fail (500) instead of saying that no manifest has
 * that digest. A tag always names a manifest.
 *
 * @throws {PkgError} as chooseManifest, and what `work` throws; if neither exists, the place's error about the manifest
 */
export async function withManifestOrBlob<T>(
  choice: ManifestChoice,
  work: (found: ManifestOrBlob) => Promise<T>,
): Promise<T> {
  const { key } = choice;
  if (!isDigest(key)) return work({ kind: "manifest", manifest: await chooseManifest(choice) });
  const manifest = await chooseManifest(choice, { attempts: 1 }).catch((error: unknown) => notThere(error));
  if (!(manifest instanceof PkgError)) return work({ kind: "manifest", manifest });
  return work({ kind: "blob", digest: key }).catch((error: unknown) => {
    throw hasCode(error, "HTTP_NOT_FOUND") ? manifest : error;
  });
}

function notThere(error: unknown): PkgError {
  if (hasCode(error, "HTTP_NOT_FOUND", "SERVER_FAILED")) return error;
  throw error;
}

async function selectEntry(index: ImageIndex, choice: ManifestChoice): Promise<Descriptor> {
  const { machine, platform, source, key, signal } = choice;
  const wanted = platform ?? machinePlatform(machine);
  try {
    return await chooseEntry({ source, index, wanted, name: nameIn(source, key), signal });
  } catch (error) {
    if (!hasCode(error, "PLATFORM_UNSUPPORTED") || platform !== null) throw error;
    throw new PkgError(error.code, error.message, { hint: hintFor(index, machine), cause: error });
  }
}

function hintFor(index: ImageIndex, { host }: Machine): string {
  const { os, architecture } = ociPlatform(host);
  const here = index.manifests.filter(({ platform }) => platform?.os === os && platform.architecture === architecture);
  return unsupportedHint(here.some(({ platform }) => platform?.osFeatures?.includes(LIBC_FEATURES.musl) === true));
}
