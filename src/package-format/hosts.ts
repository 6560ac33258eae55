import type { DescriptorPlatform } from "../oci/descriptor.ts";
import { formatPlatform } from "../oci/platform.ts";
import { LIBC_FEATURES } from "../package/libc.ts";
import { libcRank } from "../package/machine.ts";
import type { Libc } from "../package/metadata.ts";

/** What tells programs of one platform apart. */
export interface PlatformBuild {
  readonly platform: DescriptorPlatform;
  readonly libc: Libc | null;
}

/** `linux/amd64`, or `linux/amd64 (musl)` where it needs that. */
export function describeBuild({ platform, libc }: PlatformBuild): string {
  return needsLibc(libc) ? `${formatPlatform(platform)} (${libc})` : formatPlatform(platform);
}

/** The platform as an image index lists it, with the C library that is needed (image-index.md, `os.features`). */
export function listedPlatform({ platform, libc }: PlatformBuild): DescriptorPlatform {
  return needsLibc(libc) ? { ...platform, osFeatures: [LIBC_FEATURES[libc]] } : platform;
}

/** By platform, then the one that most machines can run first: clients that know nothing of C libraries take the first. */
export function compareBuilds(a: PlatformBuild, b: PlatformBuild): number {
  const [left, right] = [formatPlatform(a.platform), formatPlatform(b.platform)];
  if (left !== right) return left < right ? -1 : 1;
  return rankOf(a.libc) - rankOf(b.libc);
}

function rankOf(libc: Libc | null): number {
  return libcRank(libc, { libcs: ["glibc", "musl"] }) ?? 0;
}

function needsLibc(libc: Libc | null): libc is "glibc" | "musl" {
  return libc === "glibc" || libc === "musl";
}
