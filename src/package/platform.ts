import { PkgError } from "../errors.ts";

const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", riscv64: "riscv64" };
const SYSTEMS: readonly string[] = ["linux"];

/** The host as package indexes name it, e.g. `x86_64-linux`, from `process.platform` and `process.arch`. */
export function hostOf(platform: string, arch: string): string {
  const machine = MACHINES[arch];
  if (machine !== undefined && SYSTEMS.includes(platform)) return `${machine}-${platform}`;
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install for "${arch}-${platform}": expected Linux on x64, arm64 or riscv64`,
  );
}

const OCI_ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64", riscv64: "riscv64" };

/** The same machine in the words of the OCI image-spec, which are Go's (image-index.md, `platform`). */
export function ociPlatform(host: string): { readonly os: string; readonly architecture: string } {
  const [machine = "", os = ""] = host.split("-");
  return { os, architecture: OCI_ARCHITECTURES[machine] ?? machine };
}
