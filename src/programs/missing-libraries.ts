import type { ElfLinking } from "../relocate/elf-linking.ts";
import type { MachineLibraries } from "./machine-libraries.ts";

/** What a program or a library lacks here in order to be loaded. */
export interface MissingLibrary {
  /** The name that it is needed by. */
  readonly library: string;
  /** Versions of it that are needed and not here, the highest last; empty: the library itself is not here. */
  readonly versions: readonly string[];
}

/**
 * Compares what a file needs with what this machine has.
 *
 * @param isBrought whether a library comes with the file, so that the machine need not have it
 */
export function missingLibraries(
  { needed, neededVersions }: Pick<ElfLinking, "needed" | "neededVersions">,
  libraries: MachineLibraries,
  isBrought: (library: string) => boolean = () => false,
): readonly MissingLibrary[] {
  return needed.flatMap((library): readonly MissingLibrary[] => {
    if (isBrought(library)) return [];
    const found = libraries.find(library);
    if (found === null) return [{ library, versions: [] }];
    const wanted = neededVersions.filter((one) => one.library === library).flatMap(({ versions }) => versions);
    const versions = wanted.filter((version) => found.versions !== null && !found.versions.has(version));
    return versions.length === 0 ? [] : [{ library, versions: versions.toSorted(byNumbers) }];
  });
}

/** `GLIBC_2.9` before `GLIBC_2.39`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
