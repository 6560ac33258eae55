import type { RetrySettings } from "../base/retry.ts";
import { hasCode, PkgError } from "../errors.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { TYPE_ANNOTATION } from "../package/artifact-types.ts";
import { type BundleTable, MAX_TABLE_BYTES, parseTable, TABLE_LAYER, TABLE_TYPE } from "./table.ts";

/** A bundle in its place. */
export interface BundleRequest {
  readonly place: Source;
  readonly key: ManifestKey;
  /** As it is shown. */
  readonly name: string;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/**
 * Reads what is in a bundle. Nothing of that is trusted.
 *
 * @throws {PkgError} LAYOUT_INVALID for what is not a bundle; those of the place
 */
export async function readBundleTable(request: BundleRequest): Promise<BundleTable> {
  const { place, name, retry, signal } = request;
  const layer = layersByTitle(await tableManifest(request)).get(TABLE_LAYER.title);
  if (layer === undefined) throw noBundle(name, `it has no "${TABLE_LAYER.title}"`);
  if (layer.size > MAX_TABLE_BYTES) throw noBundle(name, `its "${TABLE_LAYER.title}" is larger than any may be`);
  return parseTable(await fetchBytes(place, layer, { maxBytes: MAX_TABLE_BYTES, retry, signal }), name);
}

async function tableManifest({ place, key, name, signal }: BundleRequest): Promise<Manifest> {
  const root = await place.fetchManifest(key, signal).catch((error: unknown) => {
    if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
    throw noBundle(name, `it has nothing under "${key}"`, error);
  });
  const entry = root.kind === "index" ? root.index.manifests.find(isTable) : undefined;
  if (entry === undefined) throw noBundle(name, "it has no table of contents");
  const document = await place.fetchManifest(entry.digest, signal).catch((error: unknown) => {
    if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
    throw noBundle(name, "its table of contents is not there", error);
  });
  if (document.kind === "manifest") return document.manifest;
  throw noBundle(name, "its table of contents is not a manifest");
}

function noBundle(name: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot use "${name}": it is not a bundle: ${problem}`, {
    hint: "Name what `pkg bundle create` wrote; a package in a layout is installed as `pkg install oci:DIR:TAG`",
    cause,
  });
}

/** Clients older than image-spec 1.1 drop the artifact type when they copy an image index, and keep the annotation. */
function isTable({ artifactType, annotations }: Descriptor): boolean {
  return artifactType === TABLE_TYPE || annotations[TYPE_ANNOTATION] === TABLE_TYPE;
}
