import type { Libc } from "./metadata.ts";

/** The feature of a platform (`os.features` of an image index) that says a program needs this library; static needs none. */
export const LIBC_FEATURES: Readonly<Record<Exclude<Libc, "static">, string>> = {
  glibc: "libc.glibc",
  musl: "libc.musl",
};

/** Where the program interpreters are that dynamically linked programs name, by the machine in a host's name. */
const LOADERS: Readonly<Record<Exclude<Libc, "static">, Readonly<Record<string, readonly string[]>>>> = {
  glibc: {
    x86_64: ["/lib64/ld-linux-x86-64.so.2"],
    aarch64: ["/lib/ld-linux-aarch64.so.1"],
    riscv64: ["/lib/ld-linux-riscv64-lp64d.so.1"],
  },
  musl: {
    x86_64: ["/lib/ld-musl-x86_64.so.1"],
    aarch64: ["/lib/ld-musl-aarch64.so.1"],
    riscv64: ["/lib/ld-musl-riscv64.so.1"],
  },
};

/** The C libraries that programs on this machine may need, the best choice first: those whose interpreter is there. */
export function libcsOf(host: string, exists: (path: string) => boolean): readonly Libc[] {
  const [machine = ""] = host.split("-");
  const linked = (["glibc", "musl"] as const).filter((libc) => LOADERS[libc][machine]?.some(exists));
  return ["static", ...linked];
}
