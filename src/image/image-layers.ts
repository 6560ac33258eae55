import { PkgError } from "../errors.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { ImageConfig } from "./image-config.ts";

/** A layer of an image, and what it has to be when it is unpacked. */
export interface ImageLayer {
  readonly blob: Descriptor;
  readonly diffId: Digest;
  /** Counted from 1, the lowest first, as people count them. */
  readonly position: number;
}

const CONFIG_TYPES: readonly (string | undefined)[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
/** Compressed in any way that is known, which its content tells. */
const LAYER_TYPE =
  /^application\/vnd\.(?:oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar)(?:[.+](?:gzip|zstd))?$/;
const FOREIGN_TYPE = /^application\/vnd\.(?:oci\.image\.layer\.nondistributable|docker\.image\.rootfs\.foreign)\./;

/** A container cannot have more, since the kernel would not mount them. */
export const MAX_IMAGE_LAYERS = 127;

/** True for the manifest of a container image: what its files are called is in its layers, not in their titles. */
export function isImage({ config, layers, artifactType }: Manifest): boolean {
  const isTitled = layers.some(({ annotations }) => annotations[TITLE_ANNOTATION] !== undefined);
  if (isTitled || artifactType !== null) return false;
  if (CONFIG_TYPES.includes(config?.mediaType)) return true;
  return config === null && layers.some(({ mediaType }) => LAYER_TYPE.test(mediaType));
}

/**
 * The layers of an image, the top one first.
 *
 * @param name the image's, for messages
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for a layer that is not here or not a tar, and for too many of them;
 *   MANIFEST_INVALID when the config has others
 */
export function imageLayers(name: string, { layers }: Manifest, { diffIds }: ImageConfig): readonly ImageLayer[] {
  const refuse = (problem: string) => new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`);
  if (layers.length === 0) throw refuse("the image has no layers");
  if (layers.length > MAX_IMAGE_LAYERS) {
    throw refuse(`the image has ${layers.length} layers, expected at most ${MAX_IMAGE_LAYERS}`);
  }
  if (layers.length !== diffIds.length) {
    const problem = `its config has ${diffIds.length} layers, expected ${layers.length}, as in its manifest`;
    throw new PkgError("MANIFEST_INVALID", `Cannot install "${name}": ${problem}`);
  }
  const listed = layers.map((blob, index) => {
    const position = index + 1;
    const problem = problemOf(blob);
    if (problem !== null) throw refuse(`layer ${position} of the image ${problem}`);
    return { blob, position, diffId: diffIds[index] ?? blob.digest };
  });
  return listed.toReversed();
}

function problemOf({ mediaType }: Descriptor): string | null {
  if (FOREIGN_TYPE.test(mediaType)) return `may not be distributed ("${mediaType}"), so no registry has it`;
  return LAYER_TYPE.test(mediaType) ? null : `is of the type "${mediaType}", expected a tar`;
}
