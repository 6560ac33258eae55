import { MACHINES } from "../base/machines.ts";
import { LIBC_PREFIX } from "../oci/platform.ts";
import type { Libc } from "./metadata.ts";

/** The feature (`os.features` of an image index) that says that a program needs this C library; a static one needs none. */
export const LIBC_FEATURES: Readonly<Record<Exclude<Libc, "static">, string>> = {
  glibc: `${LIBC_PREFIX}glibc`,
  musl: `${LIBC_PREFIX}musl`,
};

/**
 * The C libraries that programs on this machine may need, the best choice first: those whose program interpreter exists.
 *
 * @param host e.g. `x86_64-linux`
 */
export function libcsOf(host: string, exists: (path: string) => boolean): readonly Libc[] {
  const [name = ""] = host.split("-");
  const interpreters = MACHINES.find((machine) => machine.host === name)?.interpreters ?? null;
  if (interpreters === null) return ["static"];
  return ["static", ...(["glibc", "musl"] as const).filter((libc) => exists(interpreters[libc]))];
}
