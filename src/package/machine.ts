import { listSome } from "../base/lists.ts";
import { needRank } from "../base/need-rank.ts";
import { PkgError } from "../errors.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import { LIBC_FEATURES } from "./libc.ts";
import type { Libc } from "./metadata.ts";
import { ociPlatform } from "./platform.ts";

/** The machine that programs have to run on. */
export interface Machine {
  /** e.g. `x86_64-linux`. */
  readonly host: string;
  /** What programs here may be linked against, the best choice first. */
  readonly libcs: readonly Libc[];
}

/** What the program of a package was built for. */
export interface PackageBuild {
  /** Empty: unknown. */
  readonly host: string;
  /** Null: unknown, or it does not matter. */
  readonly libc: Libc | null;
}

const MAX_LISTED = 10;

/** The platform to choose from an image index for a machine; the C libraries it has are features, the best one first. */
export function machinePlatform({ host, libcs }: Machine): DescriptorPlatform {
  return {
    ...ociPlatform(host),
    osFeatures: libcs.flatMap((libc) => (libc === "static" ? [] : [LIBC_FEATURES[libc]])),
  };
}

/** How well a C library suits a machine, 0 being best; null: a program that needs it does not run there. */
export function libcRank(libc: Libc | null, { libcs }: Pick<Machine, "libcs">): number | null {
  const linked = libcs.filter((available) => available !== "static");
  return needRank(libc === null || libc === "static" ? [] : [libc], linked);
}

/** The PLATFORM_UNSUPPORTED error of a package that exists for other machines only. `text` is what was typed. */
export function unsupported(text: string, machine: Machine, builds: readonly PackageBuild[]): PkgError {
  const found = [...new Set(builds.map(describeBuild))];
  const needsMusl = builds.some(({ host, libc }) => libc === "musl" && host === machine.host);
  return new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${text}": expected ${describeMachine(machine)}, found ${listSome(found, MAX_LISTED)}`,
    { hint: unsupportedHint(needsMusl) },
  );
}

/** The hint when no build fits; `needsMusl`: there is a build for musl, which this machine lacks. */
export function unsupportedHint(needsMusl: boolean): string {
  return needsMusl
    ? "Install your system's package of musl, which runs it, or ask its publisher for a static build"
    : "Ask its publisher for a build for this machine";
}

/** `linux/amd64 with glibc or static` */
function describeMachine({ host, libcs }: Machine): string {
  const linked = libcs.filter((libc) => libc !== "static");
  return `${describeHost(host)} with ${[...linked, "static"].join(" or ")}`;
}

/** `linux/amd64 (musl)`; `linux/arm64` when the library does not matter. */
function describeBuild({ host, libc }: PackageBuild): string {
  return libc === null || libc === "static" ? describeHost(host) : `${describeHost(host)} (${libc})`;
}

function describeHost(host: string): string {
  const { os, architecture } = ociPlatform(host);
  return os === "" ? host : `${os}/${architecture}`;
}
