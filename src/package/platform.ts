import { MACHINES } from "../base/machines.ts";
import { PkgError } from "../errors.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";

/** The host as package indexes name it, e.g. `x86_64-linux`, from `process.platform` and `process.arch`. @throws {PkgError} PLATFORM_UNSUPPORTED */
export function hostOf(platform: string, arch: string): string {
  const machine = MACHINES.find(({ node }) => node === arch);
  if (machine !== undefined && platform === "linux") return `${machine.host}-${platform}`;
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install for "${arch}-${platform}": expected Linux on x64, arm64 or riscv64`,
  );
}

/** The platform of a host as an image index names it: `linux/amd64` of `x86_64-linux`. */
export function ociPlatform(host: string): { readonly os: string; readonly architecture: string } {
  const [name = "", os = ""] = host.split("-");
  return { os, architecture: MACHINES.find((machine) => machine.host === name)?.oci ?? name };
}

/** The host of a platform as package indexes name it: `x86_64-linux` of `linux/amd64`. */
export function hostName({ os, architecture, variant = "" }: DescriptorPlatform): string {
  const host = MACHINES.find(({ oci }) => oci === architecture)?.host ?? architecture;
  return `${host}${variant}-${os}`;
}

/**
 * What the tags of one platform end in: `-x86_64-linux`, `-aarch64-linux-musl`; and as others publish: `-linux-amd64`,
 * `-linux-arm-v7`, `-arm64`.
 */
const HOST_ENDING =
  /-(?:[a-z0-9_]+-linux(?:-(?:glibc|gnu|musl|static))?|(?:linux[-_])?(?:amd64|arm64(?:-?v8)?|x86_64|aarch64|riscv64|i386|i686|ppc64le|s390x|arm(?:-?v[5-7])|armhf))$/i;

/** A tag without the host that tags of one platform end in: `8.14.1` of `8.14.1-x86_64-linux` and of `8.14.1-linux-amd64`. */
export function withoutHost(tag: string): string {
  return tag.replace(HOST_ENDING, "");
}

/** True for a tag of one platform that is this host's, whoever writes it: `1.0-amd64` is of `x86_64-linux`. */
export function isTagOf(tag: string, host: string): boolean {
  const ending = tag.slice(withoutHost(tag).length).toLowerCase().split("-");
  const [name = ""] = host.split("-");
  return ending.includes(name) || ending.includes(ociPlatform(host).architecture);
}
