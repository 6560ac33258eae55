import { PkgError } from "../errors.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";

export interface ChooseManifestRequest {
  readonly place: Source;
  readonly key: ManifestKey;
  /** Of an image index's entries; null: `host`. */
  readonly platform: DescriptorPlatform | null;
  readonly host: DescriptorPlatform;
  readonly signal: AbortSignal;
}

/**
 * The manifest that a tag or digest names; through an image index, the one for a platform.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED when the index has none for it; MANIFEST_INVALID for an index in an index;
 * and those of the place
 */
export async function chooseManifest(request: ChooseManifestRequest): Promise<Manifest> {
  const { place, key, signal } = request;
  const document = await place.fetchManifest(key, signal);
  if (document.kind === "manifest") return document.manifest;
  const inner = await place.fetchManifest(choose(document.index, request).digest, signal);
  if (inner.kind === "manifest") return inner.manifest;
  throw new PkgError(
    "MANIFEST_INVALID",
    `Cannot use "${place.location}": its image index leads to another image index`,
    {
      hint: `Name one of its manifests by its digest: \`pkg oci manifest inspect\` shows them`,
    },
  );
}

function choose({ manifests }: ImageIndex, { place, platform, host }: ChooseManifestRequest) {
  const wanted = platform ?? host;
  const found = manifests.find((entry) => entry.platform !== undefined && fits(entry.platform, wanted));
  if (found !== undefined) return found;
  const there = manifests.map((entry) =>
    entry.platform === undefined ? entry.digest : formatPlatform(entry.platform),
  );
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot use "${place.location}": expected ${formatPlatform(wanted)}, found ${there.join(", ") || "no manifest"}`,
    { hint: "Choose one with --platform, or name its digest" },
  );
}

/** A variant that was not asked for does not matter. */
function fits(offered: DescriptorPlatform, wanted: DescriptorPlatform): boolean {
  return (
    offered.os === wanted.os &&
    offered.architecture === wanted.architecture &&
    (wanted.variant === undefined || offered.variant === wanted.variant)
  );
}

function formatPlatform({ os, architecture, variant }: DescriptorPlatform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

/**
 * Parses `os/architecture[/variant]`.
 *
 * @throws {PkgError} USAGE
 */
export function parsePlatform(text: string): DescriptorPlatform {
  const [os = "", architecture = "", variant, ...rest] = text.split("/");
  const words = [os, architecture, ...(variant === undefined ? [] : [variant])];
  if (rest.length > 0 || !words.every((word) => /^[A-Za-z0-9._-]+$/.test(word))) {
    throw new PkgError("USAGE", `Cannot use platform "${text}": expected os/architecture[/variant]`, {
      hint: "For example linux/amd64, or linux/arm/v7",
    });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
