import type { DescriptorPlatform } from "../oci/descriptor.ts";
import { formatPlatform } from "../oci/platform.ts";
import { LIBC_FEATURES } from "../package/libc.ts";
import { libcRank } from "../package/machine.ts";
import type { Libc } from "../package/metadata.ts";

/** What a program was built for. */
export interface PlatformBuild {
  readonly platform: DescriptorPlatform;
  readonly libc: Libc | null;
}

/** For messages: `linux/amd64`, or `linux/amd64 (musl)` for a program that needs musl. */
export function describeBuild({ platform, libc }: PlatformBuild): string {
  return needsLibc(libc) ? `${formatPlatform(platform)} (${libc})` : formatPlatform(platform);
}

/** The platform as an image index lists it, with the C library that is needed (OCI image-spec, image-index.md, `os.features`). */
export function listedPlatform({ platform, libc }: PlatformBuild): DescriptorPlatform {
  return needsLibc(libc) ? { ...platform, osFeatures: [LIBC_FEATURES[libc]] } : platform;
}

/** Orders by platform, then by how many machines can run it: clients that ignore C libraries take the first. */
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
