import type { WorkOptions } from "../base/work-options.ts";
import { hasCode, PkgError } from "../errors.ts";
import { INDEX_ARTIFACT_TYPE, INDEX_LAYER, INDEX_SIGNATURE_LAYER, INDEX_TAG } from "../index/index-artifact.ts";
import { buildManifest } from "../oci/artifact.ts";
import type { Target } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED } from "../oci-tools/artifact-content.ts";
import { preparedBytes } from "../oci-tools/artifact-layers.ts";
import { pushContent } from "../oci-tools/push-content.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import type { IndexFile } from "./index-file.ts";

/** An index to push, and where. */
export interface PushIndexRequest {
  readonly place: Target;
  readonly file: IndexFile;
  readonly header: Pick<IndexHeader, "repository" | "serial">;
}

/**
 * Pushes a package index as an OCI artifact, under its serial and under `latest`; gives the digest of its manifest.
 *
 * @throws {PkgError} INDEX_ROLLED_BACK when another index has its serial; those of the place
 */
export async function pushIndex({ place, file, header }: PushIndexRequest, options: WorkOptions): Promise<Digest> {
  const serial = String(header.serial);
  const layers = [layerOf(INDEX_LAYER, file.bytes), layerOf(INDEX_SIGNATURE_LAYER, file.signatures ?? Buffer.alloc(0))];
  const annotations = { [TITLE_ANNOTATION]: header.repository, [VERSION_ANNOTATION]: serial };
  const facts = { artifactType: INDEX_ARTIFACT_TYPE, subject: null };
  const descriptors = layers.map(({ descriptor }) => descriptor);
  const { digest } = buildManifest({ ...facts, config: null, layers: descriptors, annotations });
  await refuseTaken(place, { serial, digest }, options.signal);
  const content = { config: EMPTY_PREPARED, hasOwnConfig: false, layers, annotations };
  await pushContent({ ...facts, place, content, tags: [serial, INDEX_TAG], exportManifest: null }, options);
  return digest;
}

function layerOf({ title, mediaType }: typeof INDEX_LAYER | typeof INDEX_SIGNATURE_LAYER, bytes: Buffer) {
  return preparedBytes(title, bytes, { mediaType, annotations: { [TITLE_ANNOTATION]: title } });
}

/** A serial names one index for ever. */
async function refuseTaken(
  place: Target,
  { serial, digest }: { readonly serial: string; readonly digest: Digest },
  signal: AbortSignal,
): Promise<void> {
  const found = await place.resolve(serial, signal).catch((error: unknown) => {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw error;
  });
  if (found === null || found.digest === digest) return;
  throw new PkgError("INDEX_ROLLED_BACK", `Cannot publish the index: there is another one with serial ${serial}`, {
    hint: "Build it again, with a higher --serial",
  });
}
