import { PkgError } from "../errors.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import type { ImageIndex } from "./manifest.ts";

/** What arm machines are when nothing else is said. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7" };

/**
 * Parses `os/architecture` or `os/architecture/variant`.
 *
 * @throws {PkgError} USAGE
 */
export function parsePlatform(text: string): DescriptorPlatform {
  const [os = "", architecture = "", variant, ...rest] = text.toLowerCase().split("/");
  const words = [os, architecture, ...(variant === undefined ? [] : [variant])];
  if (rest.length > 0 || !words.every((word) => /^[a-z0-9._-]{1,64}$/.test(word))) {
    throw new PkgError("USAGE", `Cannot use platform "${text}": expected a system and an architecture`, {
      hint: "A platform looks like linux/amd64 or linux/arm/v7",
    });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** `os/architecture[/variant]` */
export function formatPlatform({ os, architecture, variant }: DescriptorPlatform): string {
  return [os, architecture, ...(variant === undefined || variant === "" ? [] : [variant])].join("/");
}

/**
 * The manifest of an index for a platform: the first that fits, one with the same variant before others. Without a variant
 * asked for, that is the usual one of the architecture.
 *
 * @param name what the index is called in an error
 * @throws {PkgError} PLATFORM_UNSUPPORTED, telling what there is
 */
export function selectPlatform(index: ImageIndex, wanted: DescriptorPlatform, name: string = index.digest): Descriptor {
  const fitting = index.manifests.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const variant = wanted.variant ?? DEFAULT_VARIANTS[wanted.architecture];
  const exact = fitting.find(({ platform }) => variantOf(platform) === variant);
  const found = exact ?? (wanted.variant === undefined ? fitting[0] : undefined);
  if (found !== undefined) return found;
  const known = index.manifests.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  const list = [...new Set(known)].slice(0, 32).join(", ") || "no platform";
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot use "${name}": expected ${formatPlatform(wanted)}, found ${list}`,
    { hint: "Choose one with --platform, or name a manifest by its digest" },
  );
}

function variantOf(platform: DescriptorPlatform | undefined): string | undefined {
  return platform === undefined ? undefined : platform.variant || DEFAULT_VARIANTS[platform.architecture];
}
