/** The names of one kind of machine in the different places that name it. */
export interface MachineNames {
  /** The name in package indexes, and in the output of `uname -m`. */
  readonly host: string;
  /** The name in the OCI image-spec, which uses Go's GOARCH (image-index.md, `platform`). */
  readonly oci: string;
  /** The name in Node's `process.arch`; null where no packages can be installed. */
  readonly node: string | null;
  /** `e_machine` of an ELF file. */
  readonly elf: number;
  /** Whether its programs are ELF files of the 64-bit class. */
  readonly is64: boolean;
  /** Where dynamically linked programs find their interpreter, by C library; null where nothing can be installed. */
  readonly interpreters: { readonly glibc: string; readonly musl: string } | null;
}

/** Every machine with exactly one name in each place. For others, e.g. mips, it depends on byte order and word size. */
export const MACHINES: readonly MachineNames[] = [
  {
    host: "x86_64",
    oci: "amd64",
    node: "x64",
    elf: 62,
    is64: true,
    interpreters: { glibc: "/lib64/ld-linux-x86-64.so.2", musl: "/lib/ld-musl-x86_64.so.1" },
  },
  {
    host: "aarch64",
    oci: "arm64",
    node: "arm64",
    elf: 183,
    is64: true,
    interpreters: { glibc: "/lib/ld-linux-aarch64.so.1", musl: "/lib/ld-musl-aarch64.so.1" },
  },
  {
    host: "riscv64",
    oci: "riscv64",
    node: "riscv64",
    elf: 243,
    is64: true,
    interpreters: { glibc: "/lib/ld-linux-riscv64-lp64d.so.1", musl: "/lib/ld-musl-riscv64.so.1" },
  },
  { host: "i686", oci: "386", node: null, elf: 3, is64: false, interpreters: null },
  { host: "arm", oci: "arm", node: null, elf: 40, is64: false, interpreters: null },
  { host: "s390x", oci: "s390x", node: null, elf: 22, is64: true, interpreters: null },
  { host: "loong64", oci: "loong64", node: null, elf: 258, is64: true, interpreters: null },
];

/**
 * Where programs that are linked against glibc find their interpreter.
 *
 * @param host e.g. `x86_64-linux`
 * @returns null where nothing can be installed
 */
export function glibcInterpreter(host: string): string | null {
  const [machine] = host.split("-");
  return MACHINES.find((one) => one.host === machine)?.interpreters?.glibc ?? null;
}
