import { listSome } from "../base/lists.ts";
import { needRank } from "../base/need-rank.ts";
import { PkgError } from "../errors.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import type { ImageIndex } from "./manifest.ts";

/** The variants that ARM architectures have by default. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7" };

/** The names of architectures in Go, by those that kernels have for them. */
const USUAL_ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
]);

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

/** Formats a platform as `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: DescriptorPlatform): string {
  return [os, architecture, ...(variant === undefined || variant === "" ? [] : [variant])].join("/");
}

/** The prefix of features that name the C library a program needs, as in `libc.musl`. */
export const LIBC_PREFIX = "libc.";

/**
 * Selects the manifest of an index for a platform: the first that fits, preferring the wanted variant, or the
 * architecture's default variant if none is wanted.
 *
 * If `wanted` has features, a manifest that needs a C library not among them does not fit. Manifests that need none are
 * preferred, then the order of `wanted` decides. Other features are ignored.
 *
 * @param name the index's name in an error
 * @throws {PkgError} PLATFORM_UNSUPPORTED, with the platforms that exist
 */
export function selectPlatform(index: ImageIndex, wanted: DescriptorPlatform, name: string = index.digest): Descriptor {
  const variant = wanted.variant ?? DEFAULT_VARIANTS[architectureOf(wanted)];
  const fitting = index.manifests
    .filter(({ platform }) => platform !== undefined && isSameMachine(platform, wanted))
    .map((descriptor) => ({ descriptor, rank: rankFor(wanted, descriptor.platform) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => Number(a.rank) - Number(b.rank))
    .map(({ descriptor }) => descriptor);
  const exact = fitting.find(({ platform }) => variantOf(platform) === variant);
  const found = exact ?? (wanted.variant === undefined ? fitting[0] : undefined);
  if (found !== undefined) return found;
  throw unsupported(index, wanted, name);
}

/** True for the same system and architecture, however they are written. */
export function isSameMachine(a: DescriptorPlatform, b: DescriptorPlatform): boolean {
  return a.os.toLowerCase() === b.os.toLowerCase() && architectureOf(a) === architectureOf(b);
}

/** The architecture by its usual name: some writers take the kernel's, or capitals. */
function architectureOf({ architecture }: DescriptorPlatform): string {
  const written = architecture.toLowerCase();
  return USUAL_ARCHITECTURES.get(written) ?? written;
}

/** Without wanted features, any C library will do. */
function rankFor({ osFeatures }: DescriptorPlatform, platform: DescriptorPlatform | undefined): number | null {
  return osFeatures === undefined ? 0 : needRank(libcsOf(platform), osFeatures);
}

function libcsOf(platform: DescriptorPlatform | undefined): readonly string[] {
  return (platform?.osFeatures ?? []).filter((feature) => feature.startsWith(LIBC_PREFIX));
}

function variantOf(platform: DescriptorPlatform | undefined): string | undefined {
  return platform === undefined ? undefined : platform.variant || DEFAULT_VARIANTS[architectureOf(platform)];
}

const MAX_LISTED = 32;

function unsupported({ manifests }: ImageIndex, wanted: DescriptorPlatform, name: string): PkgError {
  const platforms = manifests.flatMap(({ platform }) => (platform === undefined ? [] : [platform]));
  const tellsLibc = platforms.some((platform) => libcsOf(platform).length > 0);
  const list = listSome([...new Set(platforms.map(describeFound))], MAX_LISTED) || "no platform";
  const expected = tellsLibc ? describeWanted(wanted) : formatPlatform(wanted);
  return new PkgError("PLATFORM_UNSUPPORTED", `Cannot use "${name}": expected ${expected}, found ${list}`, {
    hint: "Choose one with --platform, or name a manifest by its digest",
  });
}

/** `linux/amd64 with glibc or static` */
function describeWanted(wanted: DescriptorPlatform): string {
  if (wanted.osFeatures === undefined) return formatPlatform(wanted);
  return `${formatPlatform(wanted)} with ${[...libcsOf(wanted).map(withoutPrefix), "static"].join(" or ")}`;
}

/** `linux/amd64 (musl)` */
function describeFound(platform: DescriptorPlatform): string {
  const libcs = libcsOf(platform).map(withoutPrefix);
  return formatPlatform(platform) + (libcs.length === 0 ? "" : ` (${libcs.join(", ")})`);
}

function withoutPrefix(feature: string): string {
  return feature.slice(LIBC_PREFIX.length);
}
