import { byteCount } from "../base/format-bytes.ts";
import { DEFAULT_RETRY, type RetrySettings } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { findProgram, type ImageProgram, listPrograms } from "../image/find-program.ts";
import { type ImageConfig, readImageConfig } from "../image/image-config.ts";
import { imageLayers } from "../image/image-layers.ts";
import { Overlay } from "../image/overlay.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { Source } from "../oci/content.ts";
import type { Manifest } from "../oci/manifest.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { type LayeredImage, readLayers } from "./read-layers.ts";

/** A container image in its place. */
export interface PlacedImage {
  /** For messages. */
  readonly name: string;
  readonly place: Source;
  readonly manifest: Manifest;
  readonly retry?: RetrySettings;
  readonly signal: AbortSignal;
}

/** The programs that were found in an image. */
export interface FoundPrograms {
  /** Those of the top layers first. */
  readonly names: readonly string[];
  /** How many there are, of which `names` may be a part. */
  readonly count: number;
  /** False when not all layers were read. */
  readonly isWhole: boolean;
}

const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** What is fetched at most in order to list programs, and not to install one. */
const MAX_LISTED_BYTES = 256 * 1024 * 1024;
const MOST_IN_MESSAGE = 20;

/**
 * Reads the config of an image.
 *
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for an image without one; MANIFEST_INVALID; those of the place
 */
export async function fetchImageConfig({ name, place, manifest, retry, signal }: PlacedImage): Promise<ImageConfig> {
  if (manifest.config === null) {
    const problem = "the image has no config, which says what is in its layers and which program it is for";
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`);
  }
  if (manifest.config.size > MAX_CONFIG_BYTES) {
    const problem = `the image's config has ${byteCount(manifest.config.size)}, at most ${MAX_CONFIG_BYTES} are read`;
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`);
  }
  const options = { maxBytes: MAX_CONFIG_BYTES, signal, ...(retry === undefined ? {} : { retry }) };
  return readImageConfig(await fetchBytes(place, manifest.config, options));
}

/** The image, its layers read straight from its place; nothing is stored. @throws {PkgError} as imageLayers */
export function streamedImage(
  { name, place, manifest, retry = DEFAULT_RETRY, signal }: PlacedImage,
  config: ImageConfig,
): LayeredImage {
  const layers = imageLayers(name, manifest, config);
  return { name, layers, open: async ({ blob }) => verifiedBlob(place, blob, { retry, signal }), signal };
}

/**
 * Lists the programs of an image, of which the top layers are read up to a limit.
 *
 * @throws {PkgError} as readLayers
 */
export async function programsIn(image: LayeredImage, config: ImageConfig): Promise<FoundPrograms> {
  let bytes = 0;
  let count = 0;
  const { overlay } = await readLayers(image, () => {
    bytes += image.layers[count]?.blob.size ?? 0;
    count += 1;
    return bytes + (image.layers[count]?.blob.size ?? 0) > MAX_LISTED_BYTES;
  });
  return { ...listPrograms(overlay, config), isWhole: count === image.layers.length };
}

/** Why an image's config alone tells that it is not for one program; null: its layers decide. */
export function noOwnProgram(config: ImageConfig): string | null {
  const found = findProgram(new Overlay(), config, null);
  return found.kind === "none" ? found.reason : null;
}

/** The refusal of an image for the program that was wanted, with those that it has. */
export function noSuchProgram(
  name: string,
  { reason }: ImageProgram & { readonly kind: "none" },
  found: FoundPrograms,
): PkgError {
  const rest = found.count - MOST_IN_MESSAGE;
  const list = `${found.names.slice(0, MOST_IN_MESSAGE).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  const hint =
    found.names.length === 0
      ? "No programs were found where images have them; --program takes a path in the image, too"
      : `Name a program with --program: ${list}${found.isWhole ? "" : ", and others in layers that were not read"}`;
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${reason}`, { hint });
}
